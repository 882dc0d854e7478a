package org.deepcovid.eval.report;

import java.util.Optional;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.explain.HeatmapMethod;
import org.deepcovid.eval.explain.HeatmapOverlay;

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
     * @return a picture of the image's proportions, or empty where there is none
     */
    Optional<RasterImage> overlay(LabelledImage image);

    /**
     * What the pictures show, for the text above them.
     *
     * @return one sentence
     */
    default String describe() {
        return "With each, what the network went by.";
    }

    /**
     * Heatmaps for the label covid, each stretched to its own range of values.
     *
     * @param model the evaluated network; open while a study adds it
     * @param method how to ask it
     * @return draws each image's map over it
     */
    static OverlaySupplier heatmaps(ExplainedModel model, HeatmapMethod method) {
        return new OverlaySupplier() {
            @Override
            public Optional<RasterImage> overlay(LabelledImage image) {
                RasterImage picture = ImageDecoder.decode(image.file());
                return Optional.of(
                        HeatmapOverlay.defaults()
                                .draw(
                                        picture,
                                        method.explain(model, picture, Label.COVID.name()),
                                        Optional.empty()));
            }

            @Override
            public String describe() {
                return ("With each, a heatmap (%s) of what speaks for covid,"
                                + " stretched to its own range: a glowing spot need not be strong"
                                + " evidence.")
                        .formatted(method.title());
            }
        };
    }
}
