package org.deepcovid.eval.explain;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.deepcovid.core.image.RasterImage;

/**
 * Grad-CAM++: a layer's channels, each weighted by its positive gradients, which in turn are
 * weighted so that several places of one kind count alike. As in the paper, the score is the
 * exponential of the logit; its value, a common factor, is left out.
 *
 * <p>Chattopadhay et al. (2018), Grad-CAM++: Generalized Gradient-Based Visual Explanations for
 * Deep Convolutional Networks, DOI 10.1109/WACV.2018.00097.
 *
 * @param layer name of a vertex of the network's graph that gives feature maps, which must not be
 *     negative for the weights to make sense (so after a ReLU); empty for the last one
 */
public record GradCamPlusPlus(Optional<String> layer) implements HeatmapMethod {

    /**
     * Checks the component.
     *
     * @throws NullPointerException if it is null
     */
    public GradCamPlusPlus {
        requireNonNull(layer, "layer is null");
    }

    /** The method on the last feature map. */
    public GradCamPlusPlus() {
        this(Optional.empty());
    }

    /**
     * The method on another layer.
     *
     * @param layer name of a vertex
     * @return the method
     */
    public static GradCamPlusPlus at(String layer) {
        return new GradCamPlusPlus(Optional.of(layer));
    }

    @Override
    public String title() {
        return "Grad-CAM++" + LayerMaps.suffix(layer);
    }

    @Override
    public Heatmap explain(ExplainedModel model, RasterImage image, String label) {
        return LayerMaps.explain(
                title(),
                EvidenceUnit.RELATIVE,
                layer,
                model,
                image,
                label,
                evidence -> evidence.weighted(weights(evidence)));
    }

    private static double[] weights(LayerEvidence evidence) {
        int cells = evidence.cells();
        double[] weights = new double[evidence.channels()];
        for (int c = 0; c < weights.length; c++) {
            double activation = 0;
            for (int i = 0; i < cells; i++) {
                activation += evidence.activations()[c * cells + i];
            }
            for (int i = 0; i < cells; i++) {
                weights[c] += weight(evidence.gradients()[c * cells + i], activation);
            }
        }
        return weights;
    }

    /** The gradient's weight times its positive part; squares of the gradient cancel. */
    private static double weight(double gradient, double activationSum) {
        if (gradient <= 0) {
            return 0;
        }
        double denominator = 2 + activationSum * gradient;
        return denominator > 0 ? gradient / denominator : 0;
    }
}
