package org.deepcovid.eval.explain;

import java.util.Optional;
import java.util.function.Function;
import org.deepcovid.core.image.RasterImage;

/** What the methods that look at one layer share. */
final class LayerMaps {

    private LayerMaps() {}

    static String suffix(Optional<String> layer) {
        return layer.map(name -> " at " + name).orElse("");
    }

    static Heatmap explain(
            String method,
            EvidenceUnit unit,
            Optional<String> layer,
            ExplainedModel model,
            RasterImage image,
            String label,
            Function<LayerEvidence, EvidenceGrid> map) {
        int index = model.indexOf(label);
        ExplainedModel.Input input = model.prepare(image);
        ExplainedModel.Answer answer =
                layer.isPresent()
                        ? new ExplainedModel.Answer(
                                model.layer(layer.get(), input, index), model.probabilities(input))
                        : model.answer(input, index);
        LayerEvidence evidence = answer.map();
        String name = layer.orElse(model.spec().camLayer());
        return new Heatmap(
                method,
                label,
                answer.probabilities()[index],
                map.apply(evidence),
                unit,
                model.centres(name, evidence.width()),
                input.placement());
    }

    /** Sum of each channel's gradients over its cells. */
    static double[] sumGradients(LayerEvidence evidence) {
        double[] sums = new double[evidence.channels()];
        for (int i = 0; i < evidence.gradients().length; i++) {
            sums[i / evidence.cells()] += evidence.gradients()[i];
        }
        return sums;
    }
}
