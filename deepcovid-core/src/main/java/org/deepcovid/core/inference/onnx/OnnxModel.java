package org.deepcovid.core.inference.onnx;

import java.util.Map;
import java.util.Set;
import org.deepcovid.core.inference.plan.ActivationShape;
import org.deepcovid.core.inference.plan.NetworkParameters;
import org.deepcovid.core.inference.plan.NetworkPlan;

/** Writes a plan with its parameters as an ONNX model for any batch size. */
public final class OnnxModel {

    /** Name of the input tensor, float32 [N, C, H, W]. */
    public static final String IMAGES = "images";

    /** Tensor names with a fixed meaning. */
    static final Set<String> NAMES =
            Set.of(IMAGES, "feature_map", "features", "logits", OnnxExport.COVID_PROBABILITY);

    private OnnxModel() {}

    /**
     * Writes a model: input {@value #IMAGES} [N, C, H, W], already normalised; outputs named by
     * {@link org.deepcovid.core.inference.plan.NetworkOutput#id()}.
     *
     * @param plan all of its outputs become outputs of the model
     * @param parameters asked for every parameter of the plan, some more than once
     * @return the bytes of the model
     * @throws IllegalArgumentException if a parameter is missing, has another length or a value
     *     that is not finite, or the model would take 2 GiB or more
     */
    public static byte[] bytes(NetworkPlan plan, NetworkParameters parameters) {
        OnnxGraph graph = new OnnxGraph();
        graph.input(IMAGES, plan.inputShape());
        new PlanTranslation(graph, plan, parameters).translate(IMAGES);
        Map<String, ActivationShape> shapes = plan.shapes();
        plan.outputs()
                .forEach((output, node) -> graph.output(output.id(), shapes.get(node).extents()));
        return graph.model("deepcovid", "", Map.of());
    }
}
