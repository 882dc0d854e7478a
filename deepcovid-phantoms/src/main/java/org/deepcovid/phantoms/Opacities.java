package org.deepcovid.phantoms;

import java.util.ArrayList;
import java.util.List;

/** Chooses where the lungs of a finding are dense, and how much. */
final class Opacities {

    private Opacities() {}

    static List<Opacity> of(Finding finding, Anatomy anatomy, Dice dice) {
        return switch (finding) {
            case NORMAL -> List.of();
            case COVID -> groundGlass(anatomy, dice);
            case PNEUMONIA -> List.of(consolidation(anatomy, dice));
        };
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
}
