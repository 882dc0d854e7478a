package org.deepcovid.eval.explain;

import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.CovidLabel;
import org.deepcovid.core.image.RasterImage;

/** A way to ask a network which places of an image speak for a label. */
public sealed interface HeatmapMethod
        permits Cam, GradCam, GradCamPlusPlus, HiResCam, ScoreCam, Occlusion, Smoothed {

    /**
     * For titles and tables.
     *
     * @return such as {@code "Grad-CAM"}
     */
    String title();

    /**
     * Maps the evidence for a label.
     *
     * @param model to be asked
     * @param image any size; resized and cropped as the network wants it
     * @param label one of the model's labels; not necessarily the likeliest
     * @return the map, with raw values
     * @throws IllegalArgumentException if the label, or a layer that the method names, does not
     *     exist, or the network's input is too small for the method
     * @throws IllegalStateException if the network's activations or gradients are not finite
     */
    Heatmap explain(ExplainedModel model, RasterImage image, String label);

    /**
     * Maps the evidence for a label of a fine-tuned classifier. For many images, make the {@link
     * ExplainedModel} once instead.
     *
     * @param classifier to be asked; stays open
     * @param image any size
     * @param label usually {@link CovidLabel#COVID}
     * @return the map, with raw values
     * @throws IllegalArgumentException as above
     * @throws IllegalStateException as above
     */
    default Heatmap explain(CovidClassifier classifier, RasterImage image, CovidLabel label) {
        try (ExplainedModel model = ExplainedModel.of(classifier)) {
            return explain(model, image, label.folderName());
        }
    }
}
