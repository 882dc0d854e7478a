package org.deepcovid.core.image;

/**
 * Moves pixels by an affine map about the image's centre, with cubic interpolation (R. G. Keys,
 * 1981, doi 10.1109/TASSP.1981.1163711). Bilinear interpolation blurs: where only one class is
 * augmented, a network learns the blur as a sign of that class.
 *
 * @param xx source columns for each target column
 * @param xy source columns for each target row
 * @param yx source rows for each target column
 * @param yy source rows for each target row
 * @param shiftX source columns added
 * @param shiftY source rows added
 */
record AffineWarp(double xx, double xy, double yx, double yy, double shiftX, double shiftY) {

    private static final int TAPS = 4;

    /** The map from target to source of a flip, then shear, rotation, scale and shift. */
    static AffineWarp of(
            boolean flip, double angle, double scale, double shear, double shiftX, double shiftY) {
        double cos = Math.cos(angle) / scale;
        double sin = Math.sin(angle) / scale;
        double mirror = flip ? -1 : 1;
        return new AffineWarp(
                mirror * (cos + shear * sin),
                mirror * (sin - shear * cos),
                -sin,
                cos,
                shiftX,
                shiftY);
    }

    RasterImage apply(RasterImage image) {
        if (isIdentity()) {
            return image;
        }
        int width = image.width();
        int height = image.height();
        int channels = image.channels();
        byte[] out = new byte[width * height * channels];
        double[] across = new double[TAPS];
        double[] down = new double[TAPS];
        double centreX = (width - 1) / 2.0;
        double centreY = (height - 1) / 2.0;
        int to = 0;
        for (int y = 0; y < height; y++) {
            double dy = y - centreY - shiftY;
            for (int x = 0; x < width; x++) {
                double dx = x - centreX - shiftX;
                double sourceX = inside(centreX + xx * dx + xy * dy, width);
                double sourceY = inside(centreY + yx * dx + yy * dy, height);
                int left = (int) sourceX;
                int top = (int) sourceY;
                weights(sourceX - left, across);
                weights(sourceY - top, down);
                for (int c = 0; c < channels; c++) {
                    out[to++] = blend(image, left - 1, top - 1, c, across, down);
                }
            }
        }
        return RasterImage.wrap(width, height, channels, out);
    }

    /** Weighted sum of the 4 x 4 samples from (left, top) on; border samples repeat. */
    private static byte blend(
            RasterImage image, int left, int top, int channel, double[] across, double[] down) {
        byte[] samples = image.samples();
        double sum = 0;
        for (int j = 0; j < TAPS; j++) {
            int row = clamp(top + j, image.height()) * image.width();
            double line = 0;
            for (int i = 0; i < TAPS; i++) {
                int column = clamp(left + i, image.width());
                int sample = samples[(row + column) * image.channels() + channel] & 0xFF;
                line += across[i] * sample;
            }
            sum += down[j] * line;
        }
        return (byte) Math.max(0, Math.min(255, Math.rint(sum)));
    }

    /** Keys' cubic convolution, a = -1/2, at distances 1 + t, t, 1 - t and 2 - t. */
    private static void weights(double t, double[] weights) {
        weights[0] = ((-0.5 * t + 1) * t - 0.5) * t;
        weights[1] = (1.5 * t - 2.5) * t * t + 1;
        weights[2] = ((-1.5 * t + 2) * t + 0.5) * t;
        weights[3] = (0.5 * t - 0.5) * t * t;
    }

    private boolean isIdentity() {
        return xx == 1 && xy == 0 && yx == 0 && yy == 1 && shiftX == 0 && shiftY == 0;
    }

    /** Clamps a coordinate to the image, so that the border repeats. */
    private static double inside(double coordinate, int length) {
        return Math.max(0, Math.min(length - 1, coordinate));
    }

    private static int clamp(int index, int length) {
        return Math.max(0, Math.min(length - 1, index));
    }
}
