package org.deepcovid.eval.report;

import java.util.List;
import java.util.Optional;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.explain.HeatmapFigure;
import org.deepcovid.eval.explain.HeatmapMethod;

/**
 * Shows evidence of a network in radiographs, such as a heatmap, for the few images that a report
 * shows. Called by {@link Report#with(String, Evaluation, OverlaySupplier)}, so the network must be
 * open then.
 */
@FunctionalInterface
public interface OverlaySupplier {

    /** Draws nothing. */
    OverlaySupplier NONE = image -> Optional.empty();

    /**
     * Explains one image.
     *
     * @param image a test image
     * @return its heatmaps; the first one is shown in the page, all of them in a file beside it
     */
    Optional<HeatmapFigure> figure(LabelledImage image);

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
            public Optional<HeatmapFigure> figure(LabelledImage image) {
                return Optional.of(
                        HeatmapFigure.of(
                                model,
                                image.file().getFileName().toString(),
                                ImageDecoder.decode(image.file()),
                                model.positive(),
                                List.of(method)));
            }

            @Override
            public String describe() {
                return ("Beside each, a heatmap (%s) of the evidence for %s, scaled to its own"
                                + " range: a bright spot need not be strong evidence. A click"
                                + " opens the figure with scale and caption, from the folder"
                                + " figures.")
                        .formatted(method.title(), model.positive());
            }
        };
    }
}
