package org.deepcovid.cli;

/**
 * One thing that an audit tells of a dataset.
 *
 * @param weight how much it matters
 * @param text one sentence
 */
record Finding(Weight weight, String text) {

    /** How much a finding matters. */
    enum Weight {
        /** Results on these data would be wrong. */
        PROBLEM,
        /** A network may learn or lose something that it should not. */
        HINT
    }

    static Finding problem(String format, Object... values) {
        return new Finding(Weight.PROBLEM, format.formatted(values));
    }

    static Finding hint(String format, Object... values) {
        return new Finding(Weight.HINT, format.formatted(values));
    }
}
