package org.deepcovid.phantoms;

/**
 * One area of denser lung: an ellipse with a ragged edge, cut off along a fissure where it has one.
 * Places are in body coordinates.
 *
 * @param u centre
 * @param v centre
 * @param along radius along the slant
 * @param across radius across the slant
 * @param cos cosine of the slant against the vertical
 * @param sin sine of the slant
 * @param density added density at full weight
 * @param reticulation how strongly a net of fine lines shows in it, 0 for none
 * @param softness share of the radius over which the edge fades
 * @param fissure v above or below which the opacity ends, NaN for none
 * @param fissureSide +1 if the opacity lies below its fissure, -1 above
 */
record Opacity(
        double u,
        double v,
        double along,
        double across,
        double cos,
        double sin,
        double density,
        double reticulation,
        double softness,
        double fissure,
        int fissureSide) {

    private static final double SHARPNESS = 0.03;

    /** Share of the full density at a place; raggedness is noise of about -1 to 1 at that place. */
    double weight(double atU, double atV, double raggedness) {
        double du = atU - u;
        double dv = atV - v;
        double x = (du * cos - dv * sin) / across;
        double y = (du * sin + dv * cos) / along;
        double d2 = x * x + y * y;
        if (d2 > 4) {
            return 0;
        }
        double distance = Math.sqrt(d2) + 0.3 * raggedness;
        double weight = Anatomy.smoothStep((1 - distance) / softness + 0.5);
        if (Double.isNaN(fissure)) {
            return weight;
        }
        double beyond = fissureSide * (atV - fissure - 0.12 * (Math.abs(atU) - 0.5));
        return weight * Anatomy.smoothStep(beyond / SHARPNESS + 0.5);
    }
}
