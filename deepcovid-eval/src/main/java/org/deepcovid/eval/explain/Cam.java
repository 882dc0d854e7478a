package org.deepcovid.eval.explain;

import java.util.Optional;
import org.deepcovid.core.image.RasterImage;

/**
 * Class activation map: the last feature map, each channel weighted as the head weights its mean.
 * The mean of the map plus the head's bias is the logit.
 *
 * <p>Zhou et al. (2016), Learning Deep Features for Discriminative Localization, DOI
 * 10.1109/CVPR.2016.319.
 */
public record Cam() implements HeatmapMethod {

    @Override
    public String title() {
        return "CAM";
    }

    @Override
    public Heatmap explain(ExplainedModel model, RasterImage image, String label) {
        return LayerMaps.explain(
                title(),
                EvidenceUnit.LOGIT,
                Optional.empty(),
                model,
                image,
                label,
                evidence -> evidence.weighted(LayerMaps.sumGradients(evidence)));
    }
}
