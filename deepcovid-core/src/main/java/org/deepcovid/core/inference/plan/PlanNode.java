package org.deepcovid.core.inference.plan;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;

/** One step of a network. Its parameters are found under its name and theirs: {@code name/W}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ConvolutionNode.class, name = "convolution"),
    @JsonSubTypes.Type(value = BatchNormNode.class, name = "batchNorm"),
    @JsonSubTypes.Type(value = ActivationNode.class, name = "activation"),
    @JsonSubTypes.Type(value = MaxPoolNode.class, name = "maxPool"),
    @JsonSubTypes.Type(value = AveragePoolNode.class, name = "averagePool"),
    @JsonSubTypes.Type(value = ZeroPaddingNode.class, name = "zeroPadding"),
    @JsonSubTypes.Type(value = ConcatNode.class, name = "concat"),
    @JsonSubTypes.Type(value = AddNode.class, name = "add"),
    @JsonSubTypes.Type(value = GlobalAverageNode.class, name = "globalAverage"),
    @JsonSubTypes.Type(value = DenseNode.class, name = "dense")
})
public sealed interface PlanNode
        permits ConvolutionNode,
                BatchNormNode,
                ActivationNode,
                MaxPoolNode,
                AveragePoolNode,
                ZeroPaddingNode,
                ConcatNode,
                AddNode,
                GlobalAverageNode,
                DenseNode {

    /**
     * Name of this node and of the activation that it gives.
     *
     * @return unique within its plan
     */
    String name();

    /**
     * The activations that it takes.
     *
     * @return names of earlier nodes or of the input, in order, at least one
     */
    List<String> inputs();

    /**
     * The shape of what it gives.
     *
     * @param inputs shapes of what it takes, as many as {@link #inputs}
     * @return without the batch
     * @throws IllegalArgumentException if it cannot take these
     */
    ActivationShape shape(List<ActivationShape> inputs);

    /**
     * The parameters that it needs.
     *
     * @param inputs as for {@link #shape}
     * @return shapes by parameter name, such as {@code "W"}
     */
    default Map<String, List<Integer>> parameters(List<ActivationShape> inputs) {
        return Map.of();
    }
}
