package org.deepcovid.phantoms;

/**
 * Number of phantoms of each disease in one part of a dataset.
 *
 * @param covid images of {@link Disease#COVID}, class covid
 * @param normal images of {@link Disease#NORMAL}, class non
 * @param pneumonia images of {@link Disease#PNEUMONIA}, class non
 */
public record PhantomCounts(int covid, int normal, int pneumonia) {

    public PhantomCounts {
        if (covid < 0 || normal < 0 || pneumonia < 0) {
            throw new IllegalArgumentException(
                    "%d covid, %d normal and %d pneumonia phantoms; expected 0 or more of each"
                            .formatted(covid, normal, pneumonia));
        }
    }

    public int of(Disease disease) {
        return switch (disease) {
            case COVID -> covid;
            case NORMAL -> normal;
            case PNEUMONIA -> pneumonia;
        };
    }
}
