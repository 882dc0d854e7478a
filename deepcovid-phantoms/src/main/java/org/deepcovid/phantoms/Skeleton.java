package org.deepcovid.phantoms;

/** Clavicles, shoulder blades, upper arms and spine. */
final class Skeleton {

    private final Anatomy anatomy;
    private final Canvas canvas;

    Skeleton(Anatomy anatomy, Canvas canvas) {
        this.anatomy = anatomy;
        this.canvas = canvas;
    }

    void paint(Dice dice) {
        spine(dice);
        for (int side = -1; side <= 1; side += 2) {
            clavicle(side, dice);
            shoulderBlade(side, dice);
            upperArm(side, dice);
        }
    }

    private void clavicle(int side, Dice dice) {
        double lift = dice.between(-0.12, 0.06);
        double[][] curve = {
            {0.11, 0.16}, {0.3, 0.13}, {0.55, 0.02}, {0.8, -0.05}, {1.0, -0.06}, {1.14, -0.09}
        };
        for (double[] point : curve) {
            point[1] += lift * (point[0] - 0.11);
        }
        stroke(side, curve, 0.062, 0.05, anatomy.boneDensity);
    }

    private void shoulderBlade(int side, Dice dice) {
        double out = dice.between(-0.06, 0.12);
        double[][] border = {{1.12, 0.0}, {1.06, 0.3}, {1.05, 0.6}, {1.1, 0.85}, {1.2, 0.98}};
        double[][] outer = {{1.42, 0.12}, {1.36, 0.4}, {1.28, 0.7}, {1.2, 0.98}};
        shift(border, out);
        shift(outer, out);
        stroke(side, border, 0.035, 0.03, 0.5 * anatomy.boneDensity);
        stroke(side, outer, 0.045, 0.03, 0.5 * anatomy.boneDensity);
        double[][] ridge = {{1.1 + out, 0.2}, {1.25 + out, 0.05}, {1.45 + out, -0.08}};
        stroke(side, ridge, 0.05, 0.05, 0.5 * anatomy.boneDensity);
    }

    private static void shift(double[][] points, double out) {
        for (double[] point : points) {
            point[0] += out;
        }
    }

    private void upperArm(int side, Dice dice) {
        double out = dice.between(-0.04, 0.1);
        double[][] head = {{1.44 + out, 0.05}, {1.47 + out, 0.09}};
        double[][] shaft = {{1.5 + out, 0.12}, {1.57 + out, 0.5}, {1.73 + out, 1.5}};
        stroke(side, head, 0.15, 0.13, 0.8 * anatomy.boneDensity);
        stroke(side, shaft, 0.085, 0.075, 0.9 * anatomy.boneDensity);
    }

    private void spine(Dice dice) {
        double lean = dice.between(-0.03, 0.03);
        double spacing = dice.between(0.15, 0.17);
        for (double v = -0.75; v < 2.6; v += spacing) {
            double u = lean * Anatomy.smoothStep((v + 0.5) / 2);
            double radius = 0.1 + 0.015 * v;
            double[][] body = {{u, v - 0.028}, {u, v + 0.028}};
            stroke(1, body, radius, radius, 0.45 * anatomy.boneDensity);
            for (int side = -1; side <= 1; side += 2) {
                double[][] pedicle = {{u + side * 0.065, v - 0.02}, {u + side * 0.065, v + 0.02}};
                stroke(1, pedicle, 0.025, 0.025, 0.25 * anatomy.boneDensity);
            }
        }
    }

    private void stroke(int side, double[][] points, double first, double last, double density) {
        double[][] pixels = new double[points.length][];
        double[] radii = new double[points.length];
        for (int i = 0; i < points.length; i++) {
            pixels[i] = canvas.pixel(side * points[i][0], points[i][1]);
            double share = points.length == 1 ? 0 : i / (points.length - 1.0);
            radii[i] = (first + share * (last - first)) * canvas.unit();
        }
        canvas.stroke(pixels, radii, density, Canvas.TUBE);
    }
}
