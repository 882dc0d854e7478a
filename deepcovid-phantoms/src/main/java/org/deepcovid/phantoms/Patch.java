package org.deepcovid.phantoms;

/** The part of a canvas that one stroke touches. */
final class Patch {

    private final int left;
    private final int top;
    private final int width;
    private final int height;
    private final float[] share;

    private Patch(int left, int top, int right, int bottom) {
        this.left = left;
        this.top = top;
        this.width = Math.max(0, right - left);
        this.height = Math.max(0, bottom - top);
        this.share = new float[width * height];
    }

    static Patch around(double[][] points, double[] radii, int width, int height) {
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
        return new Patch(
                Math.max(0, (int) left),
                Math.max(0, (int) top),
                Math.min(width, (int) right + 2),
                Math.min(height, (int) bottom + 2));
    }

    void segment(double[] from, double[] to, double r0, double r1, Canvas.Profile profile) {
        double dx = to[0] - from[0];
        double dy = to[1] - from[1];
        double squaredLength = dx * dx + dy * dy;
        double r = Math.max(r0, r1);
        int x0 = Math.max(left, (int) (Math.min(from[0], to[0]) - r));
        int x1 = Math.min(left + width, (int) (Math.max(from[0], to[0]) + r) + 2);
        int y0 = Math.max(top, (int) (Math.min(from[1], to[1]) - r));
        int y1 = Math.min(top + height, (int) (Math.max(from[1], to[1]) + r) + 2);
        for (int y = y0; y < y1; y++) {
            for (int x = x0; x < x1; x++) {
                double along = (x - from[0]) * dx + (y - from[1]) * dy;
                double t = squaredLength > 0 ? along / squaredLength : 0;
                t = Math.max(0, Math.min(1, t));
                double ex = x - from[0] - t * dx;
                double ey = y - from[1] - t * dy;
                double radius = r0 + t * (r1 - r0);
                double d2 = (ex * ex + ey * ey) / (radius * radius);
                if (d2 < 1) {
                    int i = (y - top) * width + x - left;
                    share[i] = Math.max(share[i], (float) profile.at(d2));
                }
            }
        }
    }

    void addTo(Canvas canvas, double amount) {
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                canvas.add(left + x, top + y, amount * share[y * width + x]);
            }
        }
    }
}
