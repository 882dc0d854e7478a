package org.deepcovid.phantoms;

/**
 * Density of every pixel, 0 for air and about 1 for the thickest soft tissue, with strokes and
 * smoothing. Coordinates of strokes are pixels.
 */
final class Canvas {

    /** Density across a stroke. */
    @FunctionalInterface
    interface Profile {
        /**
         * Share of the full density at a squared distance of the axis, 1 being the stroke's edge.
         */
        double at(double squaredDistance);
    }

    /** Thick in the middle, like a solid cylinder. */
    static final Profile CYLINDER = d2 -> Math.sqrt(1 - d2);

    /** Thin in the middle, like a bone or a tube. */
    static final Profile TUBE =
            d2 -> 1.5 * Math.sqrt(1 - d2) - 1.1 * Math.sqrt(Math.max(0, 0.6 - d2));

    final int width;
    final int height;
    final float[] density;

    Canvas(int width, int height) {
        this.width = width;
        this.height = height;
        this.density = new float[width * height];
    }

    void add(int x, int y, double amount) {
        if (x >= 0 && y >= 0 && x < width && y < height) {
            density[y * width + x] += (float) amount;
        }
    }

    /** Adds a line of connected points; where parts of it overlap, the denser one counts. */
    void stroke(double[][] points, double[] radii, double amount, Profile profile) {
        Patch patch = Patch.around(points, radii, width, height);
        for (int i = 0; i + 1 < points.length; i++) {
            patch.segment(points[i], points[i + 1], radii[i], radii[i + 1], profile);
        }
        patch.addTo(this, amount);
    }

    /** Smooths with a box of odd width; several passes come close to a bell. */
    void blur(int radius, int passes) {
        for (int pass = 0; pass < passes; pass++) {
            for (int y = 0; y < height; y++) {
                boxBlur(y * width, 1, width, radius);
            }
            for (int x = 0; x < width; x++) {
                boxBlur(x, width, height, radius);
            }
        }
    }

    private void boxBlur(int start, int step, int length, int radius) {
        float[] line = new float[length];
        for (int i = 0; i < length; i++) {
            line[i] = density[start + i * step];
        }
        double sum = 0;
        for (int i = -radius; i <= radius; i++) {
            sum += line[clamp(i, length)];
        }
        for (int i = 0; i < length; i++) {
            density[start + i * step] = (float) (sum / (2 * radius + 1));
            sum += line[clamp(i + radius + 1, length)] - line[clamp(i - radius, length)];
        }
    }

    private static int clamp(int i, int length) {
        return Math.max(0, Math.min(length - 1, i));
    }
}
