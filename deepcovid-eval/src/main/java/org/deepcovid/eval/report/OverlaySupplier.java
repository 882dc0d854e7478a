package org.deepcovid.eval.report;

import java.util.Optional;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.RasterImage;

/**
 * Draws what a network went by, such as a heatmap over the radiograph, for the images that a report
 * shows. Called while the network is still open, for a few images only.
 */
@FunctionalInterface
public interface OverlaySupplier {

    /** Draws nothing. */
    OverlaySupplier NONE = image -> Optional.empty();

    /**
     * A picture of the evidence in one image.
     *
     * @param image a test image
     * @return a picture of any size, or empty where there is none
     */
    Optional<RasterImage> overlay(LabelledImage image);
}
