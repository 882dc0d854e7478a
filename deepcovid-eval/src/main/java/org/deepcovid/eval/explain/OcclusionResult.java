package org.deepcovid.eval.explain;

import java.util.List;
import org.deepcovid.core.image.CropPlacement;
import org.deepcovid.core.image.PixelMask;

/**
 * What covering each part of an image did to a model's answer.
 *
 * @param probabilityDrop each pixel's mean over the windows that cover it, in [-1, 1]
 * @param logitDrop the same for the logit, which tells differences that a saturated probability
 *     hides
 * @param windows every window, row by row; unmodifiable
 */
public record OcclusionResult(
        Heatmap probabilityDrop, Heatmap logitDrop, List<OcclusionWindow> windows) {

    /**
     * Copies the list.
     *
     * @throws NullPointerException if a component is null
     */
    public OcclusionResult {
        java.util.Objects.requireNonNull(probabilityDrop, "probabilityDrop is null");
        java.util.Objects.requireNonNull(logitDrop, "logitDrop is null");
        windows = List.copyOf(windows);
    }

    /**
     * The map in a unit.
     *
     * @param measure {@link EvidenceUnit#PROBABILITY_DROP} or {@link EvidenceUnit#LOGIT_DROP}
     * @return {@link #probabilityDrop()} or {@link #logitDrop()}
     * @throws IllegalArgumentException if the measure is another
     */
    public Heatmap map(EvidenceUnit measure) {
        return switch (measure) {
            case PROBABILITY_DROP -> probabilityDrop;
            case LOGIT_DROP -> logitDrop;
            case LOGIT, LOGIT_SHARE, RELATIVE ->
                    throw new IllegalArgumentException(
                            "measure is %s; expected PROBABILITY_DROP or LOGIT_DROP"
                                    .formatted(measure));
        };
    }

    /**
     * Where covering changes the decision, as the paper marks regions: the pixels of the image
     * under any such window.
     *
     * @return mask of the image's size
     */
    public PixelMask flips() {
        List<OcclusionWindow> flipping = windows.stream().filter(OcclusionWindow::flips).toList();
        CropPlacement placement = probabilityDrop.placement();
        return PixelMask.of(
                placement.imageWidth(),
                placement.imageHeight(),
                (x, y) -> {
                    double cropX = placement.cropX(x + 0.5);
                    double cropY = placement.cropY(y + 0.5);
                    return flipping.stream().anyMatch(window -> covers(window, cropX, cropY));
                });
    }

    private static boolean covers(OcclusionWindow window, double x, double y) {
        return x >= window.x()
                && x < window.x() + window.size()
                && y >= window.y()
                && y < window.y() + window.size();
    }
}
