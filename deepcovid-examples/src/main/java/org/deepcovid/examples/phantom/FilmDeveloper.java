package org.deepcovid.examples.phantom;

import org.deepcovid.core.image.RasterImage;
import org.deepcovid.eval.explain.PixelText;

/** Turns density into grey levels: tone curve, noise, edges, letters. */
final class FilmDeveloper {

    /** Burnt into every phantom. */
    static final String NOTICE = "SYNTHETIC PHANTOM";

    private static final int STEPS = 2048;
    private static final double DENSEST = 2;

    private final Acquisition acquisition;
    private final Dice dice;
    private final double[] curve = new double[STEPS + 1];

    FilmDeveloper(Acquisition acquisition, Dice dice) {
        this.acquisition = acquisition;
        this.dice = dice;
        for (int i = 0; i <= STEPS; i++) {
            curve[i] = tone(i * DENSEST / STEPS);
        }
    }

    private double tone(double density) {
        if (density == 0) {
            return 4;
        }
        double x = acquisition.contrast() * (density - 0.5) + 0.5 + acquisition.exposure();
        double bent = StrictMath.pow(Math.max(0, x), acquisition.gamma());
        double shoulder = bent < 0.75 ? bent : 1 - 0.25 * StrictMath.exp(-(bent - 0.75) / 0.25);
        return 4 + 246 * shoulder;
    }

    RasterImage develop(Canvas canvas) {
        byte[] grey = new byte[canvas.width * canvas.height];
        for (int i = 0; i < grey.length; i++) {
            double density = Math.max(0, Math.min(DENSEST, canvas.density[i]));
            double level = curve[(int) (density / DENSEST * STEPS)];
            double noise = acquisition.noise() * (0.35 + 0.65 * level / 255) * dice.gaussian();
            grey[i] = (byte) Math.max(0, Math.min(255, Math.round(level + noise)));
        }
        collimate(grey, canvas.width, canvas.height);
        letters(grey, canvas.width, canvas.height);
        return RasterImage.of(canvas.width, canvas.height, 1, grey);
    }

    private void collimate(byte[] grey, int width, int height) {
        double side = Math.min(width, height);
        double left = side * dice.between(-0.02, 0.025);
        double right = width - side * dice.between(-0.02, 0.025);
        double top = side * dice.between(-0.02, 0.025);
        double bottom = height - side * dice.between(-0.02, 0.015);
        byte level = (byte) (dice.chance(0.3) ? 235 : 3);
        for (int i = 0; acquisition.collimated() && i < grey.length; i++) {
            int x = i % width;
            int y = i / width;
            if (x < left || x > right || y < top || y > bottom) {
                grey[i] = level;
            }
        }
    }

    private void letters(byte[] grey, int width, int height) {
        int unit = Math.max(1, Math.round(Math.min(width, height) / 320f));
        int textWidth = PixelText.width(NOTICE, unit);
        int top = height - (PixelText.HEIGHT + 3) * unit;
        for (int y = top - 2 * unit; y < height; y++) {
            for (int x = 0; x < Math.min(width, textWidth + 5 * unit); x++) {
                grey[y * width + x] = 0;
            }
        }
        write(grey, width, NOTICE, 3 * unit, top, unit, 255);
        int inset = Math.round(width * 0.06f);
        int large = 3 * unit;
        int down = Math.round(height * (float) dice.between(0.05, 0.14));
        int level = dice.count(215, 255);
        switch (acquisition.marker()) {
            case LEFT ->
                    write(
                            grey,
                            width,
                            "L",
                            width - inset - PixelText.width("L", large),
                            down,
                            large,
                            level);
            case RIGHT -> write(grey, width, "R", inset, down, large, level);
            case NONE -> {}
        }
    }

    private static void write(
            byte[] grey, int width, String text, int left, int top, int scale, int level) {
        int height = grey.length / width;
        PixelText.draw(
                text,
                left,
                top,
                scale,
                (x, y) -> {
                    if (x >= 0 && y >= 0 && x < width && y < height) {
                        grey[y * width + x] = (byte) level;
                    }
                });
    }
}
