package org.deepcovid.core.model;

import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolutional network up to its pooled features, with its pre-training head if the weights file
 * had one. All arrays are float32 in NCHW layout.
 *
 * <p>Safe for use by several threads; calls run one after another.
 */
public interface Backbone extends AutoCloseable {

    /** Name of the graph vertex with the pooled features [N, C]. */
    String FEATURES = "features";

    /** Name of the graph vertex with the pre-training head's logits [N, K], if there is one. */
    String LOGITS = "logits";

    /**
     * Outputs for a batch, before any head.
     *
     * @param map last feature map, float32 [N, C, h, w]
     * @param pooled its global average, float32 [N, C]
     */
    record Trace(INDArray map, INDArray pooled) {

        public Trace {
            if (map.rank() != 4
                    || pooled.rank() != 2
                    || map.size(0) != pooled.size(0)
                    || map.size(1) != pooled.size(1)) {
                throw new IllegalArgumentException(
                        "map %s and pooled %s; expected [N, C, h, w] and [N, C]"
                                .formatted(map.shapeInfoToString(), pooled.shapeInfoToString()));
            }
        }
    }

    BackboneSpec spec();

    WeightsOrigin origin();

    /**
     * The native DL4J graph with vertices {@link BackboneSpec#camLayer()}, {@link #FEATURES} and,
     * with a head, {@link #LOGITS}. Its parameters are shared, not copied: changing them changes
     * this backbone.
     */
    ComputationGraph graph();

    /**
     * Runs the network up to the pooled features.
     *
     * @param images float32 [N, 3, H, W], normalised by {@link BackboneSpec#normalization()}, H and
     *     W equal to {@link BackboneSpec#inputSize()}
     * @return last feature map and pooled features
     * @throws IllegalArgumentException if the shape differs or a value is not finite
     */
    Trace trace(INDArray images);

    /** Pooled features [N, C] alone, of images as for {@link #trace}. */
    INDArray features(INDArray images);

    /**
     * Logits [N, K] of the pre-training head, of images as for {@link #trace}; empty if the weights
     * came without a head.
     */
    Optional<INDArray> logits(INDArray images);

    /**
     * Every parameter by its name, {@code layer/parameter}, in the graph's order, for instance
     * {@code "conv1/W"} to an array [out, in, kh, kw]. The arrays are views of the graph's own.
     */
    Map<String, INDArray> parameters();

    /** Releases the graph's native memory. Further calls of the other methods fail. */
    @Override
    void close();
}
