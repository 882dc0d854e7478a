package org.deepcovid.phantoms;

import java.util.Arrays;

/** Electrodes, leads and a catheter, drawn independently of the disease. */
final class Attachments {

    private final Canvas canvas;

    Attachments(Canvas canvas) {
        this.canvas = canvas;
    }

    void paint(Phantom.Acquisition acquisition, Dice dice) {
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
        double[] spot = canvas.pixel(u, v);
        double r = radius * canvas.unit();
        canvas.stroke(
                new double[][] {spot, spot}, new double[] {r, r}, dice.between(0.25, 0.5), d2 -> 1);
        double endU = u + dice.between(-0.5, 0.5);
        double bend = dice.between(-0.3, 0.3);
        double[][] lead = new double[9][];
        for (int i = 0; i < lead.length; i++) {
            double t = i / 8.0;
            lead[i] = canvas.pixel(u + t * (endU - u) + bend * 4 * t * (1 - t), v + t * (2.6 - v));
        }
        stroke(lead, 0.009, 0.2);
    }

    private void catheter(Dice dice) {
        double side = dice.sign();
        double tip = dice.between(0.55, 0.95);
        double[][] line = {
            canvas.pixel(side * 0.3, -0.7),
            canvas.pixel(side * 0.27, -0.35),
            canvas.pixel(side * 0.2 - 0.05, 0.0),
            canvas.pixel(-0.12, 0.3),
            canvas.pixel(-0.16, tip)
        };
        stroke(line, 0.014, 0.16);
    }

    private void stroke(double[][] points, double radius, double density) {
        double[] radii = new double[points.length];
        Arrays.fill(radii, Math.max(0.8, radius * canvas.unit()));
        canvas.stroke(points, radii, density, Canvas.TUBE);
    }
}
