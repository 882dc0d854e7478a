package org.deepcovid.phantoms;

/**
 * Density of every pixel, 0 for air and about 1 for the thickest soft tissue, and the position of
 * the body in the image. Strokes are given in pixels; {@link #pixel} converts body coordinates, as
 * explained in {@link Anatomy}.
 */
final class Canvas {

    /** Density across a stroke. */
    @FunctionalInterface
    interface Profile {
        /** Share of the full density at a squared distance from the axis; 1 is the edge. */
        double at(double squaredDistance);
    }

    /** Thin in the middle, like a bone or a tube. */
    static final Profile TUBE =
            d2 -> 1.5 * Math.sqrt(1 - d2) - 1.1 * Math.sqrt(Math.max(0, 0.6 - d2));

    private static final double CENTRE_V = 0.88; // in the middle of the image without any shift

    final int width;
    final int height;
    final float[] density;
    private final double centreX;
    private final double centreY;
    private final double cos;
    private final double sin;
    private final double unit;

    Canvas(Phantom.Acquisition acquisition, int width, int height) {
        this.width = width;
        this.height = height;
        this.density = new float[width * height];
        double side = Math.min(width, height);
        double angle = acquisition.rotationDegrees() / 180 * Math.PI;
        unit = acquisition.scale() * side;
        cos = StrictMath.cos(angle);
        sin = StrictMath.sin(angle);
        centreX = width / 2.0 + acquisition.shiftX() * side;
        centreY = height / 2.0 + acquisition.shiftY() * side;
    }

    double u(double x, double y) {
        return ((x - centreX) * cos + (y - centreY) * sin) / unit;
    }

    double v(double x, double y) {
        return ((y - centreY) * cos - (x - centreX) * sin) / unit + CENTRE_V;
    }

    double[] pixel(double u, double v) {
        double du = u * unit;
        double dv = (v - CENTRE_V) * unit;
        return new double[] {centreX + du * cos - dv * sin, centreY + du * sin + dv * cos};
    }

    /** Pixels per body unit. */
    double unit() {
        return unit;
    }

    void add(int x, int y, double amount) {
        if (x >= 0 && y >= 0 && x < width && y < height) {
            density[y * width + x] += (float) amount;
        }
    }

    /** Adds a line of connected points; where its segments overlap, the denser one counts. */
    void stroke(double[][] points, double[] radii, double amount, Profile profile) {
        double left = width;
        double right = 0;
        double top = height;
        double bottom = 0;
        for (int i = 0; i < points.length; i++) {
            left = Math.min(left, points[i][0] - radii[i]);
            right = Math.max(right, points[i][0] + radii[i]);
            top = Math.min(top, points[i][1] - radii[i]);
            bottom = Math.max(bottom, points[i][1] + radii[i]);
        }
        int x0 = Math.max(0, (int) left);
        int y0 = Math.max(0, (int) top);
        int patchWidth = Math.max(0, Math.min(width, (int) right + 2) - x0);
        int patchHeight = Math.max(0, Math.min(height, (int) bottom + 2) - y0);
        for (int i = 0; i < patchWidth * patchHeight; i++) {
            int x = x0 + i % patchWidth;
            int y = y0 + i / patchWidth;
            float share = 0;
            for (int part = 0; part + 1 < points.length; part++) {
                share = Math.max(share, share(x, y, points, radii, part, profile));
            }
            add(x, y, amount * share);
        }
    }

    /** Share of the full density that one segment of a line has at a pixel. */
    private static float share(
            int x, int y, double[][] points, double[] radii, int part, Profile profile) {
        double[] from = points[part];
        double dx = points[part + 1][0] - from[0];
        double dy = points[part + 1][1] - from[1];
        double squaredLength = dx * dx + dy * dy;
        double along = (x - from[0]) * dx + (y - from[1]) * dy;
        double t = squaredLength > 0 ? along / squaredLength : 0;
        t = Math.max(0, Math.min(1, t));
        double ex = x - from[0] - t * dx;
        double ey = y - from[1] - t * dy;
        double radius = radii[part] + t * (radii[part + 1] - radii[part]);
        double d2 = (ex * ex + ey * ey) / (radius * radius);
        return d2 < 1 ? (float) profile.at(d2) : 0;
    }

    /** Box blur; several passes approximate a Gaussian. */
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
