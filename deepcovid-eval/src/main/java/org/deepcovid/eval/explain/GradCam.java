package org.deepcovid.eval.explain;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.deepcovid.core.image.RasterImage;

/**
 * Gradient-weighted class activation map: a layer's channels, each weighted by the mean of the
 * logit's gradient over the channel. The rectification that ends the published method is left to
 * {@link HeatmapScaling}, so that evidence against the label stays in the raw values.
 *
 * <p>Selvaraju et al. (2017), Grad-CAM: Visual Explanations from Deep Networks via Gradient-Based
 * Localization, DOI 10.1109/ICCV.2017.74.
 *
 * @param layer name of a vertex of the network's graph that gives feature maps; empty for the last
 *     one, whose gradients need no back-propagation
 */
public record GradCam(Optional<String> layer) implements HeatmapMethod {

    /**
     * Checks the component.
     *
     * @throws NullPointerException if it is null
     */
    public GradCam {
        requireNonNull(layer, "layer is null");
    }

    /** The method on the last feature map. */
    public GradCam() {
        this(Optional.empty());
    }

    /**
     * The method on another layer.
     *
     * @param layer name of a vertex
     * @return the method
     */
    public static GradCam at(String layer) {
        return new GradCam(Optional.of(layer));
    }

    @Override
    public String title() {
        return "Grad-CAM" + LayerMaps.suffix(layer);
    }

    @Override
    public Heatmap explain(ExplainedModel model, RasterImage image, String label) {
        return LayerMaps.explain(
                title(),
                layer.isPresent() ? EvidenceUnit.RELATIVE : EvidenceUnit.LOGIT_SHARE,
                layer,
                model,
                image,
                label,
                evidence -> {
                    double[] weights = LayerMaps.sumGradients(evidence);
                    for (int c = 0; c < weights.length; c++) {
                        weights[c] /= evidence.cells();
                    }
                    return evidence.weighted(weights);
                });
    }
}
