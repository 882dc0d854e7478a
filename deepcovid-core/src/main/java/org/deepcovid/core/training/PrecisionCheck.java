package org.deepcovid.core.training;

import java.util.Locale;
import java.util.Optional;
import org.deepcovid.core.inference.Precision;

/**
 * What another precision than float32 changes in the scores of some fitting images, by heads that
 * were not fitted to them.
 *
 * @param precision of the network; other than float32
 * @param images number of images
 * @param float32Area area under the ROC curve on features in float32, 0 to 1
 * @param area the same on features in the other precision
 * @param meanChange mean absolute change of the score, 0 to 1
 * @param largestChange largest absolute change
 */
public record PrecisionCheck(
        Precision precision,
        int images,
        double float32Area,
        double area,
        double meanChange,
        double largestChange) {

    /** How much smaller the area may be. */
    public static final double MAX_AREA_LOSS = 0.002;

    /** How large the mean change of the score may be. */
    public static final double MAX_MEAN_CHANGE = 0.01;

    /**
     * Why the precision should not be used.
     *
     * @return empty if the changes are small enough
     */
    public Optional<String> problem() {
        boolean areaFalls = float32Area - area > MAX_AREA_LOSS;
        return areaFalls || meanChange > MAX_MEAN_CHANGE
                ? Optional.of(
                        "%s; allowed are %s and %s"
                                .formatted(summary(), MAX_AREA_LOSS, MAX_MEAN_CHANGE))
                : Optional.empty();
    }

    /**
     * The changes in one line.
     *
     * @return for consoles and reports
     */
    public String summary() {
        return String.format(
                Locale.ROOT,
                "on %d fitting images, the AUC is %.4f instead of %.4f in float32, and scores"
                        + " change by %.4f on average and %.4f at most",
                images,
                area,
                float32Area,
                meanChange,
                largestChange);
    }
}
