package org.deepcovid.phantoms;

/** Things on and in the patient that say nothing of the finding: electrodes, leads, a catheter. */
final class Attachments {

    private final BodyFrame frame;
    private final Canvas canvas;

    Attachments(BodyFrame frame, Canvas canvas) {
        this.frame = frame;
        this.canvas = canvas;
    }

    void paint(Acquisition acquisition, Dice dice) {
        for (int i = 0; i < acquisition.electrodes(); i++) {
            electrode(dice);
        }
        if (acquisition.catheter()) {
            catheter(dice);
        }
    }

    private void electrode(Dice dice) {
        double u = dice.sign() * dice.between(0.35, 1.0);
        double v = dice.between(0.2, 1.7);
        double radius = dice.between(0.028, 0.042);
        double[] spot = frame.pixel(u, v);
        double r = radius * frame.unit();
        canvas.stroke(
                new double[][] {spot, spot}, new double[] {r, r}, dice.between(0.25, 0.5), d2 -> 1);
        double endU = u + dice.between(-0.5, 0.5);
        double bend = dice.between(-0.3, 0.3);
        double[][] lead = new double[9][];
        for (int i = 0; i < lead.length; i++) {
            double t = i / 8.0;
            lead[i] = frame.pixel(u + t * (endU - u) + bend * 4 * t * (1 - t), v + t * (2.6 - v));
        }
        stroke(lead, 0.009, 0.2);
    }

    private void catheter(Dice dice) {
        double side = dice.sign();
        double tip = dice.between(0.55, 0.95);
        double[][] line = {
            frame.pixel(side * 0.3, -0.7),
            frame.pixel(side * 0.27, -0.35),
            frame.pixel(side * 0.2 - 0.05, 0.0),
            frame.pixel(-0.12, 0.3),
            frame.pixel(-0.16, tip)
        };
        stroke(line, 0.014, 0.16);
    }

    private void stroke(double[][] points, double radius, double density) {
        double[] radii = new double[points.length];
        java.util.Arrays.fill(radii, Math.max(0.8, radius * frame.unit()));
        canvas.stroke(points, radii, density, Canvas.TUBE);
    }
}
