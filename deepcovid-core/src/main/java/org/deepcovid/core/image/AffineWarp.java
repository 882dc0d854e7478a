package org.deepcovid.core.image;

/**
 * Moves pixels by an affine map about the image's centre, with bilinear interpolation.
 *
 * @param xx source columns for each target column
 * @param xy source columns for each target row
 * @param yx source rows for each target column
 * @param yy source rows for each target row
 * @param shiftX source columns added
 * @param shiftY source rows added
 */
record AffineWarp(double xx, double xy, double yx, double yy, double shiftX, double shiftY) {

    private static final int BITS = 11; // of the position between two pixels
    private static final int ONE = 1 << BITS;
    private static final int HALF = 1 << (2 * BITS - 1);

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
        byte[] in = image.samples();
        byte[] out = new byte[in.length];
        double centreX = (width - 1) / 2.0;
        double centreY = (height - 1) / 2.0;
        int to = 0;
        for (int y = 0; y < height; y++) {
            double dy = y - centreY - shiftY;
            for (int x = 0; x < width; x++) {
                double dx = x - centreX - shiftX;
                int sourceX = fixed(centreX + xx * dx + xy * dy, width);
                int sourceY = fixed(centreY + yx * dx + yy * dy, height);
                int left = sourceX >> BITS;
                int top = sourceY >> BITS;
                int rightShare = sourceX & ONE - 1;
                int lowShare = sourceY & ONE - 1;
                int from = (top * width + left) * channels;
                int right = rightShare == 0 ? 0 : channels;
                int below = lowShare == 0 ? 0 : width * channels;
                for (int c = 0; c < channels; c++, from++) {
                    int upper = blend(in[from], in[from + right], rightShare);
                    int lower = blend(in[from + below], in[from + below + right], rightShare);
                    int sum = upper * (ONE - lowShare) + lower * lowShare;
                    out[to++] = (byte) ((sum + HALF) >> (2 * BITS));
                }
            }
        }
        return RasterImage.wrap(width, height, channels, out);
    }

    private boolean isIdentity() {
        return xx == 1 && xy == 0 && yx == 0 && yy == 1 && shiftX == 0 && shiftY == 0;
    }

    /** A coordinate held within the image, so that the border repeats. */
    private static int fixed(double coordinate, int length) {
        double inside = Math.max(0, Math.min(length - 1, coordinate));
        return (int) Math.rint(inside * ONE);
    }

    private static int blend(byte first, byte second, int secondShare) {
        return (first & 0xFF) * (ONE - secondShare) + (second & 0xFF) * secondShare;
    }
}
