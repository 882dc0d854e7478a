package org.deepcovid.eval.report;

import java.util.Optional;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.explain.HeatmapMethod;
import org.deepcovid.eval.explain.HeatmapOverlay;

/**
 * Draws evidence of a network over radiographs, such as a heatmap, for the few images that a report
 * shows. Called by {@link Report#with(String, Evaluation, OverlaySupplier)}, so the network must be
 * open then.
 */
@FunctionalInterface
public interface OverlaySupplier {

    /** Draws nothing. */
    OverlaySupplier NONE = image -> Optional.empty();

    /**
     * Draws the evidence in one image.
     *
     * @param image a test image
     * @return a picture with the aspect ratio of the image, or empty for none
     */
    Optional<RasterImage> overlay(LabelledImage image);

    /**
     * Describes the pictures, for the text above them.
     *
     * @return one sentence
     */
    default String describe() {
        return "Beside each, evidence of the network.";
    }

    /**
     * Heatmaps for the positive label, each scaled to its own range of values.
     *
     * @param model the evaluated network; open while a report adds it
     * @param method how the heatmap is computed
     * @return draws the heatmap of an image over it
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
                                        method.explain(model, picture, model.positive()),
                                        Optional.empty()));
            }

            @Override
            public String describe() {
                return ("Beside each, a heatmap (%s) of the evidence for %s, scaled to its own"
                                + " range: a bright spot need not be strong evidence.")
                        .formatted(method.title(), model.positive());
            }
        };
    }
}
