package org.deepcovid.phantoms;

/** Places the body in the image: body coordinates to pixels and back. */
final class BodyFrame {

    private static final double CENTRE_V = 0.88; // in the middle of the image without any shift

    private final double centreX;
    private final double centreY;
    private final double cos;
    private final double sin;
    private final double unit;

    BodyFrame(Acquisition acquisition, int width, int height) {
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

    /** Pixels in one body unit. */
    double unit() {
        return unit;
    }
}
