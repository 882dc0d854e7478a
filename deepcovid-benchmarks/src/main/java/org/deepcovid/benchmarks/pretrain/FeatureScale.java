package org.deepcovid.benchmarks.pretrain;

import java.util.List;
import java.util.concurrent.atomic.DoubleAdder;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.features.FeatureExtractor;
import org.deepcovid.core.image.ImageRequest;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneSpec;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Rescales pooled features: a ReLU commutes with positive factors, so multiplying the weights and
 * biases of the last layers by one number only rescales them. A head that is trained with a fixed
 * learning rate then moves as far as on ImageNet weights.
 */
final class FeatureScale {

    /** Root mean square of SqueezeNet's pooled features, about that of its ImageNet weights. */
    static final double TARGET = 3;

    private static final List<String> LAST = List.of("fire9.expand1x1", "fire9.expand3x3");

    private FeatureScale() {}

    /**
     * Rescales a SqueezeNet to {@value #TARGET} in place.
     *
     * @return the factor
     */
    static double apply(Backbone squeezeNet, List<LabelledImage> images) {
        double factor = TARGET / rootMeanSquare(squeezeNet, images);
        for (String layer : LAST) {
            for (INDArray parameter :
                    squeezeNet.graph().getLayer(layer).paramTable(false).values()) {
                parameter.muli(factor);
            }
        }
        return factor;
    }

    static double rootMeanSquare(Backbone backbone, List<LabelledImage> images) {
        BackboneSpec spec = backbone.spec();
        DoubleAdder sum = new DoubleAdder();
        try (InferenceEngine engine = InferenceEngine.of(backbone)) {
            FeatureExtractor.of(spec, engine)
                    .forEach(
                            images.stream(),
                            image -> ImageRequest.plain(image.id(), image.radiograph()),
                            (image, features, remarks) -> {
                                for (float value : features) {
                                    sum.add((double) value * value);
                                }
                            });
        }
        return Math.sqrt(sum.sum() / images.size() / spec.featureChannels());
    }
}
