package org.deepcovid.phantoms;

/** Random values on a lattice with smooth transitions between them, about -1 to 1. */
final class SmoothNoise {

    private static final int SIZE = 64; // the lattice repeats after this many cells

    private final float[] lattice = new float[SIZE * SIZE];
    private final double cell;

    /** Noise whose hills are about one cell wide. */
    SmoothNoise(Dice dice, double cell) {
        this.cell = cell;
        for (int i = 0; i < lattice.length; i++) {
            lattice[i] = (float) dice.between(-1, 1);
        }
    }

    double at(double x, double y) {
        double gx = x / cell + SIZE * 16; // positive for every place in or near an image
        double gy = y / cell + SIZE * 16;
        int ix = (int) gx;
        int iy = (int) gy;
        double fx = fade(gx - ix);
        double fy = fade(gy - iy);
        double top = mix(value(ix, iy), value(ix + 1, iy), fx);
        double bottom = mix(value(ix, iy + 1), value(ix + 1, iy + 1), fx);
        return mix(top, bottom, fy);
    }

    private float value(int x, int y) {
        return lattice[(y & SIZE - 1) * SIZE + (x & SIZE - 1)];
    }

    private static double fade(double t) {
        return t * t * (3 - 2 * t);
    }

    private static double mix(double a, double b, double t) {
        return a + t * (b - a);
    }
}
