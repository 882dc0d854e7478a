package org.deepcovid.phantoms;

/** Lung roots and the vessels that branch from them. */
final class VesselTree {

    private static final double THINNEST = 0.0035;

    private final Anatomy anatomy;
    private final Canvas canvas;
    private final double density;

    VesselTree(Anatomy anatomy, Canvas canvas, double density) {
        this.anatomy = anatomy;
        this.canvas = canvas;
        this.density = density;
    }

    void paint(Dice dice) {
        for (int side = -1; side <= 1; side += 2) {
            double height = side > 0 ? 0.74 : 0.82; // the left root lies higher
            root(side, height, dice);
            int trunks = dice.count(8, 11);
            for (int i = 0; i < trunks; i++) {
                double angle = -1.25 + 2.6 * (i + dice.between(0.1, 0.9)) / trunks;
                double radius = dice.between(0.016, 0.03);
                branch(side, 0.2, height + 0.1 * angle, angle, radius, dice);
            }
        }
    }

    private void root(int side, double height, Dice dice) {
        for (int i = 0; i < 7; i++) {
            double u = dice.between(0.2, 0.42);
            double v = height + dice.between(-0.12, 0.2);
            double[][] points = {
                canvas.pixel(side * u, v), canvas.pixel(side * (u + 0.03), v + 0.09)
            };
            double radius = dice.between(0.05, 0.085) * canvas.unit();
            canvas.stroke(
                    points,
                    new double[] {radius, radius},
                    1.1 * density,
                    d2 -> (1 - d2) * (1 - d2));
        }
    }

    /** Angles are measured from the direction away from the midline, downwards positive. */
    private void branch(int side, double u, double v, double angle, double radius, Dice dice) {
        double length = dice.between(0.1, 0.19) * (0.5 + radius / 0.03);
        double turn = angle + dice.between(-0.3, 0.3);
        double u1 = u + length * StrictMath.cos(turn);
        double v1 = v + length * StrictMath.sin(turn);
        double thinner = radius * dice.between(0.72, 0.86);
        double[][] points = {canvas.pixel(side * u, v), canvas.pixel(side * u1, v1)};
        double[] radii = {radius * canvas.unit() + 0.6, thinner * canvas.unit() + 0.6};
        canvas.stroke(points, radii, density * Math.min(1.2, radius / 0.018), d2 -> 1 - d2);
        if (thinner < THINNEST || anatomy.lungDepth(side * u1, v1) < -0.12) {
            return;
        }
        branch(side, u1, v1, turn, thinner, dice);
        if (dice.chance(0.75)) {
            double fork = turn + dice.sign() * dice.between(0.4, 0.95);
            branch(side, u1, v1, fork, thinner * dice.between(0.6, 0.85), dice);
        }
    }
}
