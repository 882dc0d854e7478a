package org.deepcovid.phantoms;

/**
 * Shape of one thorax. Body coordinates: u runs to the image's right (the patient's left) from the
 * midline, v downwards from the lung apices; the unit is half of the inner thoracic width. A side
 * is -1 for the image's left and +1 for its right.
 */
final class Anatomy {

    private static final int STEPS = 1024;
    private static final double LOWEST = 2.4;

    final double apex; // |u| of the apices
    final double widest; // v from which on the lungs are as wide as they get
    final double rightDome; // v of the diaphragm's top under the image's left lung
    final double leftDome;
    final double domeDepth; // how far the outer sulcus lies below the dome
    final double heartReach; // |u| of the left heart border at its most lateral
    final double heartBottom;
    final double knob; // size of the aortic knob
    final double bodyWidth; // outer half-width of the trunk
    final double ribSpacing;
    final double ribDrop; // how far a rib falls from spine to flank
    final double ribDensity;
    final double boneDensity;
    final double lungDensity; // how much of the soft tissue's density lung lacks
    final double breast; // density of breast tissue, 0 for none
    private final double[] lateral = new double[STEPS + 1];
    private final double[] medialLeft = new double[STEPS + 1];
    private final double[] medialRight = new double[STEPS + 1];

    Anatomy(Dice dice) {
        apex = dice.between(0.36, 0.44);
        widest = dice.between(1.25, 1.5);
        rightDome = dice.between(1.42, 1.68);
        leftDome = rightDome + dice.between(0.03, 0.14);
        domeDepth = dice.between(0.2, 0.36);
        heartReach = dice.between(0.46, 0.66);
        heartBottom = leftDome + 0.05;
        knob = dice.between(0.02, 0.1);
        bodyWidth = dice.between(1.14, 1.34);
        ribSpacing = dice.between(0.175, 0.2);
        ribDrop = dice.between(0.22, 0.34);
        ribDensity = dice.between(0.07, 0.13);
        boneDensity = dice.between(0.12, 0.2);
        lungDensity = dice.between(0.6, 0.72);
        breast = dice.chance(0.4) ? dice.between(0.03, 0.09) : 0;
        double rightHeart = dice.between(0.06, 0.16);
        for (int i = 0; i <= STEPS; i++) {
            double v = i * LOWEST / STEPS;
            lateral[i] = lateralAt(v);
            medialLeft[i] = Math.max(apical(v), leftBorder(v));
            medialRight[i] =
                    Math.max(apical(v), 0.2 + rightHeart * bell((v - 1.3) / 0.36) + 0.02 * v);
        }
    }

    private double lateralAt(double v) {
        double rest = 1 - Math.min(1, v / widest);
        return apex + (1 - apex) * Math.sqrt(1 - rest * rest * rest);
    }

    /** The inner border near the apex, where the lung narrows to a tip. */
    private double apical(double v) {
        double rest = 1 - Math.min(1, v / 0.3);
        return apex - (apex - 0.2) * Math.sqrt(1 - rest * rest);
    }

    private double leftBorder(double v) {
        double arch = knob * bell((v - 0.5) / 0.16);
        double ventricle = (heartReach - 0.2) * smoothStep((v - 0.6) / (heartBottom - 0.72));
        double rounding = 0.25 * smoothStep((v - heartBottom + 0.15) / 0.5);
        return 0.2 + arch + 0.05 * bell((v - 0.78) / 0.14) + Math.max(0, ventricle - rounding);
    }

    static double bell(double x) {
        return StrictMath.exp(-x * x / 2);
    }

    static double smoothStep(double x) {
        double t = Math.max(0, Math.min(1, x));
        return t * t * (3 - 2 * t);
    }

    /** |u| of the lungs' outer border; below the apex only. */
    double lateral(double v) {
        return at(lateral, v);
    }

    /** |u| of a lung's inner border. */
    double medial(int side, double v) {
        return at(side > 0 ? medialLeft : medialRight, v);
    }

    private static double at(double[] table, double v) {
        double position = Math.max(0, Math.min(STEPS, v * STEPS / LOWEST));
        int low = Math.min(STEPS - 1, (int) position);
        return table[low] + (position - low) * (table[low + 1] - table[low]);
    }

    /** v of the diaphragm at a distance from the midline. */
    double diaphragm(int side, double distance) {
        double top = side > 0 ? leftDome : rightDome;
        double x = (distance - 0.42) / 0.58;
        double fall = x > 0 ? x * x * (0.55 + 0.45 * x) : 0.3 * x * x;
        return top + domeDepth * fall;
    }

    /**
     * Depth inside the nearest lung.
     *
     * @return distance to the nearest border in body units, negative outside
     */
    double lungDepth(double u, double v) {
        int side = u < 0 ? -1 : 1;
        double a = Math.abs(u);
        double inside = Math.min(lateral(v) - a, a - medial(side, v));
        inside = Math.min(inside, diaphragm(side, a) - v);
        return v < 0 ? Math.min(inside, v) : inside;
    }
}
