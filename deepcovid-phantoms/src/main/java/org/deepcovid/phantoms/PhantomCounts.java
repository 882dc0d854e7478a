package org.deepcovid.phantoms;

/**
 * How many phantoms of each finding one part of a dataset holds.
 *
 * @param covid images of {@link Finding#COVID}, class covid
 * @param normal images of {@link Finding#NORMAL}, class non
 * @param pneumonia images of {@link Finding#PNEUMONIA}, class non
 */
public record PhantomCounts(int covid, int normal, int pneumonia) {

    /**
     * Checks the components.
     *
     * @throws IllegalArgumentException if a number is negative
     */
    public PhantomCounts {
        if (covid < 0 || normal < 0 || pneumonia < 0) {
            throw new IllegalArgumentException(
                    "%d covid, %d normal and %d pneumonia phantoms; expected 0 or more of each"
                            .formatted(covid, normal, pneumonia));
        }
    }

    /**
     * Number of phantoms of a finding.
     *
     * @param finding what to count
     * @return 0 or more
     */
    public int of(Finding finding) {
        return switch (finding) {
            case COVID -> covid;
            case NORMAL -> normal;
            case PNEUMONIA -> pneumonia;
        };
    }
}
