package org.deepcovid.phantoms;

import org.deepcovid.core.image.RasterImage;
import org.deepcovid.phantoms.Phantom.Acquisition;

/** Turns density into grey levels: tone curve, noise, edges, letters. */
final class FilmDeveloper {

    /** Burnt into every phantom. */
    static final String NOTICE = "SYNTHETIC PHANTOM";

    private static final int NOTICE_LEVEL = 120; // on black
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

    /** The notice is dim; a side marker is as bright as on film. */
    private void letters(byte[] grey, int width, int height) {
        int unit = Math.max(1, Math.round(Math.min(width, height) / 320f));
        int textWidth = PixelText.width(NOTICE, unit);
        int top = height - (PixelText.HEIGHT + 3) * unit;
        for (int y = top - 2 * unit; y < height; y++) {
            for (int x = 0; x < Math.min(width, textWidth + 5 * unit); x++) {
                grey[y * width + x] = 0;
            }
        }
        PixelText.draw(
                NOTICE,
                3 * unit,
                top,
                unit,
                (x, y) -> {
                    if (x < width && y < height) {
                        grey[y * width + x] = (byte) NOTICE_LEVEL;
                    }
                });
        marker(grey, width, height, 3 * unit);
    }

    private void marker(byte[] grey, int width, int height, int scale) {
        int inset = Math.round(width * 0.06f);
        int down = Math.round(height * (float) dice.between(0.05, 0.14));
        int level = dice.count(190, 235);
        String letter =
                switch (acquisition.marker()) {
                    case LEFT -> "L";
                    case RIGHT -> "R";
                    case NONE -> "";
                };
        int letterWidth = PixelText.width(letter, scale);
        int left =
                acquisition.marker() == Acquisition.Marker.LEFT
                        ? width - inset - letterWidth
                        : inset;
        Canvas shape = new Canvas(acquisition, width, height);
        PixelText.draw(letter, left, down, scale, (x, y) -> shape.add(x, y, 1));
        shape.blur(Math.max(1, scale / 3), 2); // lead casts no sharper shadow than bone
        for (int i = 0; i < grey.length; i++) {
            int below = grey[i] & 0xFF;
            grey[i] = (byte) Math.round(below + shape.density[i] * (level - below));
        }
    }
}
