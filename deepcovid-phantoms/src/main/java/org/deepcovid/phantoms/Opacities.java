package org.deepcovid.phantoms;

import java.util.ArrayList;
import java.util.List;
import org.deepcovid.core.image.PixelMask;

/** Opacities of one phantom: their places and densities, and how they are drawn. */
final class Opacities {

    private static final double MASKED_FROM = 0.35; // of an opacity's full density

    private final Anatomy anatomy;
    private final double contrast;
    private final List<Opacity> all;
    private final SmoothNoise edge;
    private final SmoothNoise net;

    Opacities(Disease disease, Anatomy anatomy, double contrast, Dice dice) {
        this.anatomy = anatomy;
        this.contrast = contrast;
        this.all =
                switch (disease) {
                    case NORMAL -> List.of();
                    case COVID -> groundGlass(anatomy, dice);
                    case PNEUMONIA -> List.of(consolidation(anatomy, dice));
                };
        this.edge = new SmoothNoise(dice, 0.13);
        this.net = new SmoothNoise(dice, 0.06);
    }

    /** Adds the opacities; returns where they reach a share of their full density. */
    PixelMask paint(Canvas canvas, PixelMask lungs) {
        return PixelMask.of(
                canvas.width,
                canvas.height,
                (x, y) -> !all.isEmpty() && lungs.contains(x, y) && paint(canvas, x, y));
    }

    private boolean paint(Canvas canvas, int x, int y) {
        double u = canvas.u(x, y);
        double v = canvas.v(x, y);
        double ragged = edge.at(u, v);
        double lines = lines(u, v);
        double clear = 1; // overlapping opacities saturate instead of adding up
        boolean inside = false;
        double rim = Anatomy.smoothStep(anatomy.lungDepth(u, v) / 0.05 + 0.3);
        for (Opacity opacity : all) {
            double weight = opacity.weight(u, v, ragged);
            inside |= weight >= MASKED_FROM;
            double density = opacity.density() * (1 + opacity.reticulation() * lines);
            clear *= 1 - weight * Math.max(0, Math.min(1, contrast * density)) * rim;
        }
        canvas.add(x, y, 1 - clear);
        return inside;
    }

    /** A net of fine lines: where either of two noises crosses zero; about -1 between them to 1. */
    private double lines(double u, double v) {
        double one = Math.abs(net.at(0.8 * u + 0.6 * v, 0.8 * v - 0.6 * u));
        double other = Math.abs(net.at(1.5 * u - 0.9 * v + 7, 1.5 * v + 0.9 * u + 3));
        return Math.max(-1, 1 - 2.5 * (one + other));
    }

    /**
     * Soft-edged, with a net of fine lines, several, on both sides, at the flank or the diaphragm.
     */
    private static List<Opacity> groundGlass(Anatomy anatomy, Dice dice) {
        List<Opacity> opacities = new ArrayList<>();
        double density = dice.between(0.14, 0.28); // of one kind within a patient
        for (int side = -1; side <= 1; side += 2) {
            int count = dice.count(2, 4);
            for (int i = 0; i < count; i++) {
                opacities.add(
                        dice.chance(0.75)
                                ? atFlank(side, density, anatomy, dice)
                                : atBase(side, density, anatomy, dice));
            }
        }
        return List.copyOf(opacities);
    }

    private static Opacity atFlank(int side, double density, Anatomy anatomy, Dice dice) {
        double lowest = anatomy.diaphragm(side, 0.85) - 0.12;
        double v = lowest - (lowest - 0.5) * Math.min(dice.between(0, 1), dice.between(0, 1));
        double u = anatomy.lateral(v) - dice.between(0.08, 0.24);
        double slant = side * dice.between(-0.35, 0.15);
        return groundGlass(side * u, v, slant, density, dice);
    }

    private static Opacity atBase(int side, double density, Anatomy anatomy, Dice dice) {
        double u = dice.between(0.7, 0.85);
        double v = anatomy.diaphragm(side, u) - dice.between(0.08, 0.2);
        return groundGlass(side * u, v, side * dice.between(0.9, 1.6), density, dice);
    }

    private static Opacity groundGlass(
            double u, double v, double slant, double density, Dice dice) {
        return new Opacity(
                u,
                v,
                dice.between(0.22, 0.44),
                dice.between(0.15, 0.28),
                StrictMath.cos(slant),
                StrictMath.sin(slant),
                density * dice.between(0.8, 1.2),
                dice.between(0.035, 0.065) / density, // as faint in a dense haze as in a thin one
                dice.between(0.5, 0.9),
                Double.NaN,
                1);
    }

    /** Even, one, with a sharp border at a fissure, anywhere in a lobe. */
    private static Opacity consolidation(Anatomy anatomy, Dice dice) {
        int side = dice.sign();
        boolean upper = dice.chance(0.4);
        double fissure = dice.between(0.75, 1.0);
        double v =
                upper
                        ? fissure - dice.between(0.12, 0.3)
                        : fissure
                                + dice.between(0.05, anatomy.diaphragm(side, 0.6) - fissure - 0.1);
        double inner = anatomy.medial(side, v) + 0.12;
        double outer = anatomy.lateral(v) - 0.15;
        double u = outer > inner ? dice.between(inner, outer) : (inner + outer) / 2;
        double slant = dice.between(-0.6, 0.6);
        return new Opacity(
                side * u,
                v,
                dice.between(0.22, 0.42),
                dice.between(0.22, 0.38),
                StrictMath.cos(slant),
                StrictMath.sin(slant),
                dice.between(0.12, 0.34),
                dice.between(0, 0.1),
                dice.between(0.35, 0.7),
                dice.chance(0.7) ? fissure : Double.NaN,
                upper ? -1 : 1);
    }

    /**
     * One area of denser lung: an ellipse with a ragged edge, cut off along a fissure where it has
     * one. Places are in body coordinates.
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
     * @param fissureSide +1 if the opacity is below its fissure, -1 above
     */
    private record Opacity(
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

        /**
         * Share of the full density at a place; raggedness is noise of about -1 to 1 at that place.
         */
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
}
