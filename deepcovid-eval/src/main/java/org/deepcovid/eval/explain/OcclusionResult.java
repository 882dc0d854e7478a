package org.deepcovid.eval.explain;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.deepcovid.core.image.CropPlacement;
import org.deepcovid.core.image.PixelMask;

/**
 * The change of a model's score when each part of an image is covered.
 *
 * @param probabilityDrop each pixel's mean over the windows that cover it, in [-1, 1]
 * @param logitDrop the same for the logit, which shows differences where the probability saturates
 * @param windows every window, row by row; unmodifiable
 */
public record OcclusionResult(Heatmap probabilityDrop, Heatmap logitDrop, List<Window> windows) {

    /**
     * One covered square of the network's input.
     *
     * @param x left edge, in pixels of the input
     * @param y upper edge
     * @param size side of the square
     * @param probability the label's probability with the square covered, in [0, 1]
     * @param logit the label's logit with the square covered
     * @param flips whether the decision differs from the one for the whole image
     */
    public record Window(int x, int y, int size, double probability, double logit, boolean flips) {

        private boolean covers(double px, double py) {
            return px >= x && px < x + size && py >= y && py < y + size;
        }
    }

    public OcclusionResult {
        requireNonNull(probabilityDrop, "probabilityDrop is null");
        requireNonNull(logitDrop, "logitDrop is null");
        windows = List.copyOf(windows);
    }

    /**
     * The map in a unit.
     *
     * @throws IllegalArgumentException if the unit is neither {@link EvidenceUnit#PROBABILITY_DROP}
     *     nor {@link EvidenceUnit#LOGIT_DROP}
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
     * The regions, as marked in Minaee et al. (2020), where covering changes the decision: the
     * pixels of the image under any such window.
     *
     * @return mask of the image's size
     */
    public PixelMask flips() {
        List<Window> flipping = windows.stream().filter(Window::flips).toList();
        CropPlacement placement = probabilityDrop.placement();
        return PixelMask.of(
                placement.imageWidth(),
                placement.imageHeight(),
                (x, y) -> {
                    double cropX = placement.cropX(x + 0.5);
                    double cropY = placement.cropY(y + 0.5);
                    return flipping.stream().anyMatch(window -> window.covers(cropX, cropY));
                });
    }
}
