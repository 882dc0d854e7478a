package org.deepcovid.eval.metrics;

/** Argument checks whose messages name the argument and the value. */
final class Checks {

    private Checks() {}

    static void requireNumber(String name, double value) {
        if (Double.isNaN(value)) {
            throw new IllegalArgumentException(name + " is NaN; expected a number");
        }
    }

    static void requireFinite(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(
                    "%s is %s; expected a finite number".formatted(name, value));
        }
    }

    /** The closed interval [0, 1]. */
    static void requireFraction(String name, double value) {
        if (!(value >= 0 && value <= 1)) { // NaN fails too
            throw new IllegalArgumentException(
                    "%s is %s; expected [0, 1] (a percentage? divide by 100)"
                            .formatted(name, value));
        }
    }

    /** The half-open interval (0, 1]. */
    static void requireTarget(String name, double value) {
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException(
                    "%s is %s; expected (0, 1] (a percentage? divide by 100)"
                            .formatted(name, value));
        }
    }

    /** The open interval (0, 1). */
    static void requireLevel(double level) {
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException(
                    "confidence level is %s; expected (0, 1), such as 0.95".formatted(level));
        }
    }

    static void requirePositive(String name, double value) {
        if (!(value > 0 && Double.isFinite(value))) {
            throw new IllegalArgumentException(
                    "%s is %s; expected a finite number above 0".formatted(name, value));
        }
    }
}
