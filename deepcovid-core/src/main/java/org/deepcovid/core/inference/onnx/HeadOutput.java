package org.deepcovid.core.inference.onnx;

import java.util.List;
import org.deepcovid.core.inference.onnx.OnnxGraph.Attributes;
import org.deepcovid.core.inference.plan.NetworkOutput;
import org.deepcovid.core.model.LinearHead;

/** A linear classifier inside a model. */
final class HeadOutput {

    private HeadOutput() {}

    /** Adds an output [N]: the probability of the head's last class. */
    static void add(OnnxGraph graph, LinearHead head, String output) {
        String weights =
                graph.constant(
                        ":head_weights", List.of(head.classes(), head.features()), head::weights);
        String bias = graph.constant(":head_bias", List.of(head.classes()), head::bias);
        graph.operator(
                "Gemm",
                List.of(NetworkOutput.FEATURES.id(), weights, bias),
                ":head_logits",
                new Attributes().number("transB", 1));
        graph.operator(
                "Softmax",
                List.of(":head_logits"),
                ":head_probabilities",
                new Attributes().number("axis", 1));
        String last = graph.wholeNumber(":head_last", head.classes() - 1);
        graph.operator(
                "Gather",
                List.of(":head_probabilities", last),
                output,
                new Attributes().number("axis", 1));
        graph.output(output, List.of());
    }
}
