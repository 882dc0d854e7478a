package org.deepcovid.phantoms;

/**
 * Density of soft tissue, lungs, mediastinum, diaphragm and ribs as a function of body coordinates.
 */
final class ThoraxPainter {

    private static final double NECK = 0.33;

    private final Anatomy anatomy;
    private final RibCage ribs;
    private final double gas; // radius of the stomach's gas bubble, 0 for none
    private final double gasU;
    private final double fat;

    ThoraxPainter(Anatomy anatomy, Dice dice) {
        this.anatomy = anatomy;
        this.ribs = new RibCage(anatomy, dice);
        this.gas = dice.chance(0.5) ? dice.between(0.1, 0.22) : 0;
        this.gasU = dice.between(0.4, 0.6);
        this.fat = dice.between(0.9, 1.15);
    }

    double density(double u, double v) {
        double body = thickness(u, v);
        if (body <= 0) {
            return 0;
        }
        double tissue = fat * body;
        double air = anatomy.lungDensity * aeration(u, v) + airways(u, v) + stomach(u, v);
        return Math.max(0.12 * body, tissue - air) + ribs.density(u, v) + breast(u, v);
    }

    /** Thickness of the body, 0 outside and 1 at its thickest. */
    private double thickness(double u, double v) {
        double a = Math.abs(u);
        double trunk = round(a / trunkWidth(v)) * (0.86 + 0.06 * v);
        double neck = 0.62 * round(a / (NECK + 0.5 * Math.max(0, v + 0.3)));
        double below = Math.max(0, v - 0.06);
        double dv = Math.min(0, v - 0.06);
        double da = a - 1.5 - 0.16 * below;
        double arm = 0.62 * round(Math.sqrt(da * da + dv * dv) / 0.3);
        return Math.max(Math.max(v < 0.1 ? neck : 0, trunk), arm);
    }

    private double trunkWidth(double v) {
        if (v > 0.35) {
            return anatomy.bodyWidth + 0.35 * Anatomy.smoothStep((0.95 - v) / 0.6);
        }
        double slope = Anatomy.smoothStep((v + 0.62) / 0.75);
        return NECK + (anatomy.bodyWidth + 0.35 - NECK) * slope;
    }

    private static double round(double x) {
        return x * x < 1 ? Math.sqrt(1 - x * x) : 0;
    }

    /** Thickness of lung in the beam, 0 to 1; behind heart and diaphragm there is some, too. */
    private double aeration(double u, double v) {
        int side = u < 0 ? -1 : 1;
        double a = Math.abs(u);
        double flank = edge((anatomy.lateral(v) - a) / 0.5);
        double inner = edge((a - anatomy.medial(side, v)) / 0.12);
        double hidden = 0.3 * edge((a - 0.13) / 0.3);
        double base = edge((anatomy.diaphragm(side, a) - v) / 0.1);
        double sulcus = 0.22 * edge((anatomy.diaphragm(side, a) + 0.14 - v) / 0.4);
        double top = v <= 0 ? 0 : edge(v / 0.25);
        return flank * top * Math.max(inner, hidden) * Math.max(base, sulcus);
    }

    /** Steep at first, then flat: the profile of a round body from its edge inwards. */
    private static double edge(double x) {
        if (x <= 0) {
            return 0;
        }
        double rest = 1 - Math.min(1, x);
        return Math.sqrt(1 - rest * rest);
    }

    private static double airways(double u, double v) {
        if (v > 1.1) {
            return 0;
        }
        double trachea = v < 0.66 ? round((u + 0.015) / 0.065) * 0.13 : 0;
        double bronchus = Math.abs(u) - (v - 0.62) * 0.75;
        boolean below = v >= 0.6 && v < 0.85;
        return trachea + (below ? 0.07 * round(bronchus / 0.05) : 0);
    }

    private double stomach(double u, double v) {
        double dv = v - anatomy.leftDome - 0.1 - gas / 2;
        double du = u - gasU;
        double d2 = gas == 0 ? 1 : (du * du + 3 * dv * dv) / (gas * gas);
        return d2 < 1 ? 0.3 * Math.sqrt(1 - d2) : 0;
    }

    /** A shadow with a sharp round lower edge on each side. */
    private double breast(double u, double v) {
        if (anatomy.breast == 0) {
            return 0;
        }
        double du = (Math.abs(u) - 0.66) / 0.46;
        double dv = (v - 1.22) / 0.52;
        double d2 = du * du + dv * dv;
        double upper = Anatomy.smoothStep((v - 0.75) / 0.6);
        return d2 < 1 ? anatomy.breast * Math.sqrt(Math.sqrt(1 - d2)) * upper : 0;
    }

    /**
     * Ribs as halves of ellipses: the back half falls from the spine to the flank, the front half
     * from the flank to the cartilage near the breastbone.
     */
    private static final class RibCage {

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
}
