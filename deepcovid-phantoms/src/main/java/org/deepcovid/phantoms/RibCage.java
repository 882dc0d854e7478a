package org.deepcovid.phantoms;

/**
 * Ribs as halves of ellipses: the back half falls from the spine to the flank, the front half from
 * the flank to the cartilage near the breastbone.
 */
final class RibCage {

    private static final int RIBS = 11;
    private static final double FIRST = -0.09; // v of the first rib at the spine

    private final Anatomy anatomy;
    private final double[] offset = new double[RIBS];
    private final double[] strength = new double[RIBS];
    private final double backRadius;
    private final double frontRadius;
    private final double frontFall;
    private final double asymmetry;

    RibCage(Anatomy anatomy, Dice dice) {
        this.anatomy = anatomy;
        backRadius = dice.between(0.035, 0.045);
        frontRadius = dice.between(0.04, 0.055);
        frontFall = dice.between(1.0, 1.5);
        asymmetry = dice.between(-0.03, 0.03);
        for (int i = 0; i < RIBS; i++) {
            offset[i] = dice.between(-0.012, 0.012);
            strength[i] = dice.between(0.8, 1.2);
        }
    }

    double density(double u, double v) {
        double cage = anatomy.lateral(Math.max(v, 0.02)) + 0.03;
        double a = Math.abs(u) / cage;
        if (a >= 1 || a < 0.06 || v < -0.2 || v > 2.4) {
            return 0;
        }
        double drop = anatomy.ribDrop * (0.7 + 0.3 * Math.min(1, v));
        double s = Math.sqrt(1 - a * a);
        double side = u < 0 ? asymmetry : 0;
        double steepness = drop * a / (s * cage);
        double back = rib(v - drop * (1 - s) - side, steepness, backRadius);
        double fade = Anatomy.smoothStep((a - 0.3) / 0.25);
        double front =
                fade == 0
                        ? 0
                        : fade
                                * rib(
                                        v - drop * (1 + frontFall * s) - side,
                                        frontFall * steepness,
                                        frontRadius);
        return anatomy.ribDensity * (back + 0.75 * front);
    }

    /** Density of the rib nearest to a height at the spine. */
    private double rib(double height, double steepness, double radius) {
        double number = (height - FIRST) / anatomy.ribSpacing;
        int nearest = (int) Math.floor(number + 0.5);
        if (nearest < 0 || nearest >= RIBS) {
            return 0;
        }
        double vertical = (number - nearest) * anatomy.ribSpacing + offset[nearest];
        double d2 = vertical * vertical / ((1 + steepness * steepness) * radius * radius);
        return d2 < 1 ? strength[nearest] * Canvas.TUBE.at(d2) : 0;
    }
}
