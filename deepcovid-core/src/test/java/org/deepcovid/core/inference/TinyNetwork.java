package org.deepcovid.core.inference;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deepcovid.core.inference.PlanNode.Bias;
import org.deepcovid.core.inference.PlanNode.Nonlinearity;
import org.deepcovid.core.inference.Window.Extent;
import org.deepcovid.core.inference.Window.Padding;

/** A plan with random parameters, made without DL4J. Images are [3, 8, 8]. */
final class TinyNetwork {

    static final int SIZE = 8;

    private TinyNetwork() {}

    /** A convolution to 4 channels with ReLU, its global average, and a head with 2 logits. */
    static NetworkPlan plan() {
        Window window =
                new Window(new Extent(3, 3), new Extent(1, 1), new Extent(1, 1), Padding.NONE);
        return new NetworkPlan(
                "images",
                ActivationShape.map(3, SIZE, SIZE),
                List.of(
                        new PlanNode.Convolution(
                                "map", List.of("images"), 4, window, Bias.ADDED, Nonlinearity.RELU),
                        new PlanNode.GlobalAverage("features", List.of("map")),
                        new PlanNode.Dense(
                                "logits",
                                List.of("features"),
                                2,
                                Bias.ADDED,
                                Nonlinearity.IDENTITY)),
                Map.of(
                        NetworkOutput.FEATURE_MAP, "map",
                        NetworkOutput.FEATURES, "features",
                        NetworkOutput.LOGITS, "logits"));
    }

    /** Seeded values for every parameter of a plan. */
    static Map<String, float[]> values(NetworkPlan plan) {
        Random random = new Random(11);
        Map<String, float[]> values = new LinkedHashMap<>();
        plan.parameters()
                .forEach(
                        (name, shape) -> {
                            float[] parameter =
                                    new float[shape.stream().reduce(1, (a, b) -> a * b)];
                            for (int i = 0; i < parameter.length; i++) {
                                parameter[i] = (float) random.nextGaussian();
                            }
                            values.put(name, parameter);
                        });
        return values;
    }

    static CompiledEngine engine() {
        return engine(plan(), NetworkParameters.of(values(plan())));
    }

    static CompiledEngine engine(NetworkPlan plan, NetworkParameters parameters) {
        return new CompiledEngine(
                plan, parameters, OnnxNetwork.COMPILER, Precision.FLOAT32, "made from a plan");
    }
}
