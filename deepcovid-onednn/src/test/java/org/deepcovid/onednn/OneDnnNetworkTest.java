package org.deepcovid.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.deepcovid.core.inference.ActivationShape;
import org.deepcovid.core.inference.FloatTensor;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.inference.NetworkCompiler;
import org.deepcovid.core.inference.NetworkOutput;
import org.deepcovid.core.inference.NetworkParameters;
import org.deepcovid.core.inference.NetworkPlan;
import org.deepcovid.core.inference.PlanNode;
import org.deepcovid.core.inference.PlanNode.AveragePool.Divisor;
import org.deepcovid.core.inference.PlanNode.BatchNorm.Spread;
import org.deepcovid.core.inference.PlanNode.Bias;
import org.deepcovid.core.inference.PlanNode.Nonlinearity;
import org.deepcovid.core.inference.Precision;
import org.deepcovid.core.inference.UnsupportedLayerException;
import org.deepcovid.core.inference.Window;
import org.deepcovid.core.inference.Window.Extent;
import org.deepcovid.core.inference.Window.Padding;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OneDnnNetworkTest {

    private static final int SIZE = 24;
    private static final int BATCH = 5;
    private final OneDnnCompiler compiler = new OneDnnCompiler();

    @BeforeEach
    void oneDnnRunsHere() {
        assumeTrue(
                compiler.supports(Precision.FLOAT32),
                "oneDNN has no native library for this platform");
    }

    /** Every kind of node, with the sums and concatenations of residual and dense networks. */
    private static NetworkPlan plan() {
        return plan(
                List.of(
                        new PlanNode.ZeroPadding("pad", List.of("images"), new Padding(1, 2, 1, 0)),
                        convolution("first", "pad", 16, 3, 2, Nonlinearity.IDENTITY),
                        norm("firstNorm", "first"),
                        relu("firstRelu", "firstNorm"),
                        new PlanNode.MaxPool("pool", List.of("firstRelu"), window(3, 2, 0)),
                        convolution("one", "pool", 16, 3, 1, Nonlinearity.RELU),
                        convolution("two", "one", 16, 3, 1, Nonlinearity.IDENTITY),
                        norm("twoNorm", "two"),
                        new PlanNode.Add("sum", List.of("twoNorm", "pool")),
                        relu("sumRelu", "sum"),
                        new PlanNode.Add("again", List.of("sumRelu", "sumRelu")),
                        norm("alone", "again"),
                        relu("aloneRelu", "alone"),
                        convolution("grown", "aloneRelu", 32, 1, 1, Nonlinearity.IDENTITY),
                        new PlanNode.Concat("joined", List.of("again", "grown", "sumRelu")),
                        new PlanNode.AveragePool(
                                "average",
                                List.of("joined"),
                                window(2, 1, 1),
                                Divisor.ELEMENTS_INSIDE),
                        norm("unfused", "average"),
                        convolution("last", "unfused", 8, 1, 1, Nonlinearity.IDENTITY),
                        new PlanNode.Activation("map", List.of("last"), Nonlinearity.RELU),
                        new PlanNode.GlobalAverage("features", List.of("map")),
                        new PlanNode.Dense(
                                "logits",
                                List.of("features"),
                                3,
                                Bias.ADDED,
                                Nonlinearity.IDENTITY)),
                Map.of(
                        NetworkOutput.FEATURE_MAP, "map",
                        NetworkOutput.FEATURES, "features",
                        NetworkOutput.LOGITS, "logits"));
    }

    private static NetworkPlan plan(List<PlanNode> nodes, Map<NetworkOutput, String> outputs) {
        return new NetworkPlan(
                "images", new ActivationShape(List.of(3, SIZE, SIZE)), nodes, outputs);
    }

    private static Window window(int kernel, int stride, int padding) {
        return new Window(
                new Extent(kernel, kernel),
                new Extent(stride, stride),
                new Extent(1, 1),
                new Padding(padding, padding, padding, padding));
    }

    private static PlanNode convolution(
            String name, String input, int channels, int kernel, int stride, Nonlinearity after) {
        return new PlanNode.Convolution(
                name,
                List.of(input),
                channels,
                window(kernel, stride, kernel / 2),
                Bias.NONE,
                after);
    }

    private static PlanNode norm(String name, String input) {
        return new PlanNode.BatchNorm(name, List.of(input), 1e-3, Spread.VARIANCE);
    }

    private static PlanNode relu(String name, String input) {
        return new PlanNode.Activation(name, List.of(input), Nonlinearity.RELU);
    }

    private static NetworkParameters parameters(NetworkPlan plan) {
        Random random = new Random(3);
        Map<String, float[]> values = new LinkedHashMap<>();
        plan.parameters()
                .forEach(
                        (name, shape) -> {
                            int fanIn = shape.stream().skip(1).reduce(1, (a, b) -> a * b);
                            float[] drawn = new float[shape.get(0) * fanIn];
                            for (int i = 0; i < drawn.length; i++) {
                                double value = random.nextGaussian() / Math.sqrt(fanIn);
                                drawn[i] =
                                        (float)
                                                (name.endsWith("var")
                                                        ? 0.5 + value * value
                                                        : value);
                            }
                            values.put(name, drawn);
                        });
        return NetworkParameters.of(values);
    }

    private static FloatBuffer images(int count) {
        Random random = new Random(4);
        FloatBuffer images =
                ByteBuffer.allocateDirect(count * 3 * SIZE * SIZE * Float.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .asFloatBuffer();
        while (images.hasRemaining()) {
            images.put((float) random.nextGaussian());
        }
        return images.flip();
    }

    private NetworkCompiler.Compiled compiled(Precision precision, int threads) {
        return compiler.compile(plan(), parameters(plan()), precision, threads);
    }

    @ParameterizedTest
    @EnumSource
    void everyNodeEqualsOnnxRuntime(Precision precision) {
        assumeTrue(compiler.supports(precision), precision + " does not run on this processor");
        try (InferenceEngine reference =
                        InferenceEngine.withoutBackend(
                                        plan(), parameters(plan()), Precision.FLOAT32)
                                .orElseThrow();
                NetworkCompiler.Compiled found = compiled(precision, 2)) {
            Set<NetworkOutput> all = plan().outputs().keySet();
            Map<NetworkOutput, FloatTensor> expected = reference.run(images(BATCH), all);
            found.run(images(BATCH), BATCH, all)
                    .forEach(
                            (output, values) -> {
                                float[] right = new float[values.length];
                                expected.get(output).values().get(right);
                                double largest = 0;
                                for (float value : right) {
                                    largest = Math.max(largest, Math.abs(value));
                                }
                                double tolerance = precision == Precision.FLOAT32 ? 1e-5 : 0.03;
                                for (int i = 0; i < values.length; i++) {
                                    assertThat((double) values[i])
                                            .as("%s[%d]", output, i)
                                            .isCloseTo(right[i], within(tolerance * largest));
                                }
                            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void anImageGivesTheSameBitsInEveryBatchAndThread(Precision precision) {
        assumeTrue(compiler.supports(precision), precision + " does not run on this processor");
        Set<NetworkOutput> map = Set.of(NetworkOutput.FEATURE_MAP);
        try (NetworkCompiler.Compiled one = compiled(precision, 1);
                NetworkCompiler.Compiled three = compiled(precision, 3)) {
            float[] expected = one.run(images(BATCH), BATCH, map).get(NetworkOutput.FEATURE_MAP);
            IntStream.range(0, 20)
                    .parallel()
                    .forEach(
                            i ->
                                    assertThat(
                                                    three.run(images(BATCH), BATCH, map)
                                                            .get(NetworkOutput.FEATURE_MAP))
                                            .isEqualTo(expected));
            int each = expected.length / BATCH;
            FloatBuffer fourth = images(BATCH).slice(3 * 3 * SIZE * SIZE, 3 * SIZE * SIZE);
            assertThat(three.run(fourth, 1, map).get(NetworkOutput.FEATURE_MAP))
                    .isEqualTo(Arrays.copyOfRange(expected, 3 * each, 4 * each));
        }
    }

    @Test
    void aLayerThatItCannotRunIsNamed() {
        NetworkPlan plan =
                plan(
                        List.of(
                                new PlanNode.GlobalAverage("features", List.of("images")),
                                new PlanNode.Add("twice", List.of("features", "features"))),
                        Map.of(NetworkOutput.FEATURES, "twice"));
        assertThatExceptionOfType(UnsupportedLayerException.class)
                .isThrownBy(() -> compiler.compile(plan, name -> null, Precision.FLOAT32, 1))
                .withMessageContaining("'twice'");
    }
}
