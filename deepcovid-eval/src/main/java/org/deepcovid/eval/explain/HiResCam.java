package org.deepcovid.eval.explain;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.deepcovid.core.image.RasterImage;

/**
 * Activations times their own gradients, summed over the channels: what each place of a layer
 * contributes to the logit, to first order.
 *
 * <p>Draelos and Carin (2020), Use HiResCAM instead of Grad-CAM for faithful explanations of
 * convolutional neural networks, arXiv:2011.08891.
 *
 * @param layer name of a vertex of the network's graph that gives feature maps; empty for the last
 *     one, where the map equals {@link GradCam}'s
 */
public record HiResCam(Optional<String> layer) implements HeatmapMethod {

    /**
     * Checks the component.
     *
     * @throws NullPointerException if it is null
     */
    public HiResCam {
        requireNonNull(layer, "layer is null");
    }

    /** The method on the last feature map. */
    public HiResCam() {
        this(Optional.empty());
    }

    /**
     * The method on another layer.
     *
     * @param layer name of a vertex
     * @return the method
     */
    public static HiResCam at(String layer) {
        return new HiResCam(Optional.of(layer));
    }

    @Override
    public String title() {
        return "HiResCAM" + LayerMaps.suffix(layer);
    }

    @Override
    public Heatmap explain(ExplainedModel model, RasterImage image, String label) {
        return LayerMaps.explain(
                title(), EvidenceUnit.LOGIT_SHARE, layer, model, image, label, HiResCam::products);
    }

    private static EvidenceGrid products(LayerEvidence evidence) {
        double[] map = new double[evidence.cells()];
        for (int i = 0; i < evidence.activations().length; i++) {
            map[i % map.length] += (double) evidence.activations()[i] * evidence.gradients()[i];
        }
        return new EvidenceGrid(evidence.height(), evidence.width(), map);
    }
}
