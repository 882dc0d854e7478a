package org.deepcovid.core.inference.onnx;

import java.util.List;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.image.Normalization.ChannelOrder;

/** Normalisation inside a model. */
final class PixelInput {

    private static final List<Integer> PER_CHANNEL = List.of(1, 3, 1, 1);

    private PixelInput() {}

    /** Returns the name of the normalised tensor. */
    static String add(OnnxGraph graph, String pixels, Normalization normalization) {
        String ordered = pixels;
        if (normalization.order() == ChannelOrder.BGR) {
            String order = graph.wholeNumbers(":bgr", List.of(2L, 1L, 0L));
            ordered = ":ordered";
            graph.operator(
                    "Gather",
                    List.of(pixels, order),
                    ordered,
                    new OnnxGraph.Attributes().number("axis", 1));
        }
        float[] factors = new float[3];
        float[] summands = new float[3];
        for (int c = 0; c < 3; c++) {
            factors[c] = (float) (normalization.scale() / normalization.std().get(c));
            summands[c] = (float) (-normalization.mean().get(c) / normalization.std().get(c));
        }
        String factor = graph.constant(":pixel_factor", PER_CHANNEL, () -> factors);
        String summand = graph.constant(":pixel_summand", PER_CHANNEL, () -> summands);
        graph.operator("Mul", List.of(ordered, factor), ":scaled");
        graph.operator("Add", List.of(":scaled", summand), ":normalized");
        return ":normalized";
    }
}
