package org.deepcovid.core.inference;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deepcovid.core.inference.plan.ActivationShape;
import org.deepcovid.core.inference.plan.Bias;
import org.deepcovid.core.inference.plan.ConvolutionNode;
import org.deepcovid.core.inference.plan.DenseNode;
import org.deepcovid.core.inference.plan.Extent;
import org.deepcovid.core.inference.plan.GlobalAverageNode;
import org.deepcovid.core.inference.plan.NetworkOutput;
import org.deepcovid.core.inference.plan.NetworkParameters;
import org.deepcovid.core.inference.plan.NetworkPlan;
import org.deepcovid.core.inference.plan.Nonlinearity;
import org.deepcovid.core.inference.plan.Padding;
import org.deepcovid.core.inference.plan.Window;

/** A plan with random parameters, made without DL4J. Images are [3, 8, 8]. */
public final class TinyNetwork {

    /** Side of the images. */
    public static final int SIZE = 8;

    private TinyNetwork() {}

    /** A convolution to 4 channels with ReLU, its global average, and a head with 2 logits. */
    public static NetworkPlan plan() {
        Window window =
                new Window(new Extent(3, 3), new Extent(1, 1), new Extent(1, 1), Padding.NONE);
        return new NetworkPlan(
                "images",
                ActivationShape.map(3, SIZE, SIZE),
                List.of(
                        new ConvolutionNode(
                                "map", List.of("images"), 4, window, Bias.ADDED, Nonlinearity.RELU),
                        new GlobalAverageNode("features", List.of("map")),
                        new DenseNode(
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
    public static Map<String, float[]> values(NetworkPlan plan) {
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
        return CompiledEngine.of(plan(), NetworkParameters.of(values(plan())));
    }
}
