package org.deepcovid.core.model;

import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolutional network up to its pooled features, with the head it was pre-trained with where
 * the weights file had one. All arrays are float32 in NCHW layout.
 *
 * <p>A backbone is safe to use from several threads; the calls are served one after another.
 */
public interface Backbone extends AutoCloseable {

    /** Name of the graph vertex that gives the pooled features [N, C]. */
    String FEATURES = "features";

    /**
     * Name of the graph vertex that gives the pre-training head's logits [N, K], if there is one.
     */
    String LOGITS = "logits";

    /**
     * What this backbone promises.
     *
     * @return the spec of the loaded weights
     */
    BackboneSpec spec();

    /**
     * Where the weights came from.
     *
     * @return name and checksum
     */
    WeightsOrigin origin();

    /**
     * The native DL4J graph. Its parameters are shared, not copied: changing them changes this
     * backbone.
     *
     * @return graph with vertices {@link BackboneSpec#camLayer()}, {@link #FEATURES} and, with a
     *     head, {@link #LOGITS}
     */
    ComputationGraph graph();

    /**
     * Runs the network up to the pooled features.
     *
     * @param images float32 [N, 3, H, W], normalised as {@link #spec()} says, H and W equal to
     *     {@link BackboneSpec#inputSize()}
     * @return last feature map and pooled features
     * @throws IllegalArgumentException if the shape is another or a value is not finite
     */
    FeatureTrace trace(INDArray images);

    /**
     * Pooled features alone.
     *
     * @param images as for {@link #trace}
     * @return float32 [N, C]
     * @throws IllegalArgumentException as for {@link #trace}
     */
    INDArray features(INDArray images);

    /**
     * Answers of the pre-training head.
     *
     * @param images as for {@link #trace}
     * @return float32 [N, K] before softmax, or empty if the weights came without a head
     * @throws IllegalArgumentException as for {@link #trace}
     */
    Optional<INDArray> logits(INDArray images);

    /**
     * Every parameter by its name, {@code layer/parameter}, in the graph's order. The arrays are
     * views of the graph's own.
     *
     * @return for instance {@code "conv1/W"} to an array [out, in, kh, kw]
     */
    Map<String, INDArray> parameters();

    /** Releases the graph's native memory. Further calls of the other methods fail. */
    @Override
    void close();
}
