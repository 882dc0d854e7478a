package org.deepcovid.models;

import java.util.List;
import org.deepcovid.core.model.Backbone;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Class activation maps of the pre-training head (Zhou et al., 2016), for the parity tests. */
final class ClassActivation {

    private ClassActivation() {}

    /** The map of each image's likeliest class, [N, h, w]. */
    static INDArray ofArgMax(
            Backbone backbone, INDArray images, Backbone.Trace trace, INDArray logits) {
        INDArray all = allClasses(backbone, images, trace);
        INDArray result = Nd4j.create(images.size(0), all.size(2), all.size(3));
        for (int n = 0; n < images.size(0); n++) {
            int chosen = logits.argMax(1).getInt(n);
            result.putSlice(n, all.get(NDArrayIndex.point(n), NDArrayIndex.point(chosen)));
        }
        return result;
    }

    /** [N, K, h, w]: conv10's output, or the last map weighted by the dense head's columns. */
    private static INDArray allClasses(Backbone backbone, INDArray images, Backbone.Trace trace) {
        if (backbone.graph().getVertex("conv10") != null) {
            INDArray[] inputs = {images};
            return backbone.graph().output(List.of("conv10"), false, inputs, null)[0];
        }
        INDArray weights = backbone.parameters().get("logits/W");
        INDArray map = trace.map();
        INDArray pixels = map.permute(0, 2, 3, 1).dup('c').reshape(-1, map.size(1));
        return pixels.mmul(weights)
                .reshape('c', map.size(0), map.size(2), map.size(3), weights.size(1))
                .permute(0, 3, 1, 2);
    }
}
