package org.deepcovid.phantoms;

import java.util.Random;

/** Seeded random numbers from {@link Random}, whose algorithm is specified. */
final class Dice {

    private final Random random;

    /** Independent draws for each combination of seed, number and purpose. */
    Dice(long seed, long number, String purpose) {
        random = new Random(mix(mix(mix(seed) ^ number) ^ purpose.hashCode()));
    }

    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L; // the finaliser of SplitMix64 (Steele et al. 2014)
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    double between(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    /** A whole number from low to high, both included. */
    int count(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    int sign() {
        return random.nextBoolean() ? 1 : -1;
    }

    double gaussian() {
        return random.nextGaussian();
    }
}
