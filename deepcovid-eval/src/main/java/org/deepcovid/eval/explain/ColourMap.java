package org.deepcovid.eval.explain;

/**
 * A perceptually uniform colour map from dark violet over red to light yellow: a path in CIELAB
 * (ISO/CIE 11664-4) of increasing lightness with steps of equal colour difference. Also readable in
 * greyscale and with colour vision deficiency.
 */
final class ColourMap {

    private static final int COLOURS = 256;
    private static final int PATH = 4096;
    private static final double DARKEST = 18;
    private static final double LIGHTEST = 93;
    private static final double FIRST_HUE = 296; // violet, in degrees
    private static final double LAST_HUE = 458; // yellow, past the full circle
    private static final double CHROMA = 64;
    private static final double WITHIN_GAMUT = 0.94;

    private static final double[] WHITE = {0.95047, 1, 1.08883}; // D65
    private static final double[][] XYZ_TO_RGB = {
        {3.2404542, -1.5371385, -0.4985314},
        {-0.9692660, 1.8760108, 0.0415560},
        {0.0556434, -0.2040259, 1.0572252}
    };

    private static final int[] TABLE = table();

    private ColourMap() {}

    /** Colour of a value in [0, 1], as 0xRRGGBB. */
    static int rgb(double value) {
        return TABLE[(int) Math.round(Math.max(0, Math.min(1, value)) * (COLOURS - 1))];
    }

    /** CIELAB at a point of the path, before its steps are made equal. */
    private static double[] lab(double t) {
        double lightness = DARKEST + t * (LIGHTEST - DARKEST);
        double hue = Math.toRadians(FIRST_HUE + t * (LAST_HUE - FIRST_HUE));
        double chroma = Math.min(CHROMA, WITHIN_GAMUT * maxChroma(lightness, hue));
        return new double[] {lightness, chroma * Math.cos(hue), chroma * Math.sin(hue)};
    }

    private static double maxChroma(double lightness, double hue) {
        double inside = 0;
        double outside = 200;
        for (int i = 0; i < 40; i++) {
            double middle = (inside + outside) / 2;
            double[] lab = {lightness, middle * Math.cos(hue), middle * Math.sin(hue)};
            boolean inGamut = true;
            for (double channel : linearRgb(lab)) {
                inGamut &= channel >= 0 && channel <= 1;
            }
            inside = inGamut ? middle : inside;
            outside = inGamut ? outside : middle;
        }
        return inside;
    }

    private static double[] linearRgb(double[] lab) {
        double fy = (lab[0] + 16) / 116;
        double[] xyz = {
            WHITE[0] * inverse(fy + lab[1] / 500),
            WHITE[1] * inverse(fy),
            WHITE[2] * inverse(fy - lab[2] / 200)
        };
        double[] rgb = new double[3];
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < 3; i++) {
                rgb[c] += XYZ_TO_RGB[c][i] * xyz[i];
            }
        }
        return rgb;
    }

    private static double inverse(double f) {
        return f > 6.0 / 29 ? f * f * f : 3 * 36.0 / 841 * (f - 4.0 / 29);
    }

    private static int[] table() {
        double[] length = new double[PATH + 1];
        double[] before = lab(0);
        for (int i = 1; i <= PATH; i++) {
            double[] here = lab((double) i / PATH);
            length[i] = length[i - 1] + distance(before, here);
            before = here;
        }
        int[] table = new int[COLOURS];
        int at = 0;
        for (int i = 0; i < COLOURS; i++) {
            double target = length[PATH] * i / (COLOURS - 1);
            while (at < PATH && length[at] < target) {
                at++;
            }
            table[i] = rgb(linearRgb(lab((double) at / PATH)));
        }
        return table;
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < 3; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }

    private static int rgb(double[] linear) {
        int rgb = 0;
        for (double channel : linear) {
            double clipped = Math.max(0, Math.min(1, channel));
            double encoded =
                    clipped <= 0.0031308
                            ? 12.92 * clipped
                            : 1.055 * Math.pow(clipped, 1 / 2.4) - 0.055;
            rgb = rgb << 8 | (int) Math.round(255 * encoded);
        }
        return rgb;
    }
}
