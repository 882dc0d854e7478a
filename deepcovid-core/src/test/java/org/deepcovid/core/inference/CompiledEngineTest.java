package org.deepcovid.core.inference;

import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.core.inference.NetworkOutput.FEATURES;
import static org.deepcovid.core.inference.NetworkOutput.FEATURE_MAP;
import static org.deepcovid.core.inference.NetworkOutput.LOGITS;
import static org.deepcovid.testing.Failures.assertFails;
import static org.deepcovid.testing.Failures.assertRejects;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.deepcovid.testing.TestGraphs;
import org.deepcovid.testing.Threads;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CompiledEngineTest {

    private static final int SIZE = TinyNetwork.SIZE;
    private static CompiledEngine engine;

    @BeforeAll
    static void open() {
        engine = TinyNetwork.engine();
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    private static FloatBuffer images(int count, long seed) {
        return FloatBuffer.wrap(TestGraphs.images(count, SIZE, seed));
    }

    @Test
    void agreesWithACalculationByHand() {
        float[] images = TestGraphs.images(2, SIZE, 4);
        Map<String, float[]> p = TinyNetwork.values(TinyNetwork.plan());
        FloatTensor features = engine.features(FloatBuffer.wrap(images));
        FloatTensor logits = engine.run(FloatBuffer.wrap(images), Set.of(LOGITS)).get(LOGITS);
        for (int image = 0; image < 2; image++) {
            double[] expected = featuresByHand(images, image, p);
            for (int c = 0; c < 4; c++) {
                assertThat((double) features.row(image)[c]).isCloseTo(expected[c], within(1e-5));
            }
            double logit = p.get("logits/b")[1];
            for (int c = 0; c < 4; c++) {
                logit += expected[c] * p.get("logits/W")[c * 2 + 1];
            }
            assertThat((double) logits.row(image)[1]).isCloseTo(logit, within(1e-5));
        }
    }

    private static double[] featuresByHand(float[] images, int image, Map<String, float[]> p) {
        float[] kernel = p.get("map/W");
        int side = SIZE - 2;
        double[] features = new double[4];
        for (int out = 0; out < 4; out++) {
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    double sum = p.get("map/b")[out];
                    for (int k = 0; k < 27; k++) {
                        int in = k / 9;
                        int row = y + k % 9 / 3;
                        int column = x + k % 3;
                        sum +=
                                kernel[out * 27 + k]
                                        * images[((image * 3 + in) * SIZE + row) * SIZE + column];
                    }
                    features[out] += Math.max(0, sum) / (side * side);
                }
            }
        }
        return features;
    }

    @Test
    void returnsOnlyTheRequestedOutputs() {
        FloatBuffer images = images(3, 4);
        assertThat(engine.outputs()).containsExactly(FEATURE_MAP, FEATURES, LOGITS);
        assertThat(engine.imageShape()).containsExactly(3, SIZE, SIZE);
        Map<NetworkOutput, FloatTensor> some = engine.run(images, Set.of(FEATURE_MAP, LOGITS));
        assertThat(some).containsOnlyKeys(FEATURE_MAP, LOGITS);
        assertThat(some.get(FEATURE_MAP).shape()).containsExactly(3, 4, 6, 6);
        assertThat(some.get(LOGITS).shape()).containsExactly(3, 2);
        assertThat(engine.run(images, Set.of(FEATURES))).containsOnlyKeys(FEATURES);
    }

    @Test
    void theHeadIsCompiledAtTheFirstRequestForLogits() {
        Map<String, float[]> values = TinyNetwork.values(TinyNetwork.plan());
        List<String> requested = new ArrayList<>();
        NetworkParameters parameters =
                name -> {
                    requested.add(name);
                    return values.get(name);
                };
        FloatBuffer images = images(1, 4);
        try (CompiledEngine engine = TinyNetwork.engine(TinyNetwork.plan(), parameters)) {
            engine.run(images, Set.of(FEATURES, FEATURE_MAP));
            assertThat(requested).isNotEmpty().doesNotContain("logits/W");
            engine.run(images, Set.of(LOGITS));
            assertThat(requested).contains("logits/W");
        }
    }

    @Test
    void everyKindOfBufferGivesTheSameResult() {
        float[] values = TestGraphs.images(2, SIZE, 4);
        FloatBuffer heap = FloatBuffer.wrap(values);
        FloatBuffer part = FloatBuffer.allocate(values.length + 7).position(4);
        part.put(values).flip().position(4);
        FloatTensor expected = engine.features(heap);
        assertThat(engine.features(heap.asReadOnlyBuffer())).isEqualTo(expected);
        assertThat(engine.features(part)).isEqualTo(expected);
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            FloatBuffer direct = direct(values.length + 7, order).position(3);
            direct.put(values).flip().position(3);
            assertThat(engine.features(direct)).isEqualTo(expected);
            assertThat(direct.position()).isEqualTo(3);
            assertThat(direct.remaining()).isEqualTo(values.length);
        }
        assertThat(heap.position()).isZero();
    }

    private static FloatBuffer direct(int capacity, ByteOrder order) {
        return ByteBuffer.allocateDirect(capacity * Float.BYTES).order(order).asFloatBuffer();
    }

    @Test
    void severalThreadsGetTheResultsOfOne() throws Exception {
        List<FloatBuffer> inputs = IntStream.range(1, 13).mapToObj(n -> images(n, n)).toList();
        try (CompiledEngine engine = TinyNetwork.engine()) {
            List<FloatTensor> expected = inputs.stream().map(engine::features).toList();
            List<Callable<FloatTensor>> calls = new ArrayList<>();
            inputs.forEach(input -> calls.add(() -> engine.features(input)));
            for (int round = 0; round < 20; round++) {
                assertThat(Threads.results(6, calls)).isEqualTo(expected);
            }
        }
    }

    @Test
    void streamedFeaturesAreTheSameSideBySide() throws Exception {
        FloatBuffer images = images(7, 9);
        try (CompiledEngine engine = TinyNetwork.engine()) {
            FloatTensor expected = engine.features(images);
            assertThat(engine.streams()).isBetween(1, engine.report().threads());
            Callable<FloatTensor> call = () -> engine.streamedFeatures(images);
            assertThat(Threads.results(engine.streams(), nCopies(20, call))).containsOnly(expected);
        }
    }

    @Test
    void valuesThatAreNotFiniteAreRefusedWithTheirImage() {
        for (float bad :
                new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            for (int at : new int[] {0, 1, 2, 3, 3 * SIZE * SIZE - 1}) {
                float[] images = TestGraphs.images(2, SIZE, 4);
                images[3 * SIZE * SIZE + at] = bad;
                assertRejects(() -> engine.features(FloatBuffer.wrap(images)))
                        .hasMessage("image 1 of the batch holds %s; expected finite numbers", bad);
            }
        }
        float[] extreme = new float[3 * SIZE * SIZE];
        extreme[0] = Float.MAX_VALUE;
        extreme[1] = -Float.MAX_VALUE;
        extreme[2] = Float.MIN_VALUE;
        assertThat(engine.features(FloatBuffer.wrap(extreme)).shape()).containsExactly(1, 4);
    }

    @Test
    void otherNumbersOfValuesAreRefused() {
        for (int length : new int[] {0, 1, 3 * SIZE * SIZE - 1, 3 * SIZE * SIZE + 1}) {
            assertRejects(
                    () -> engine.features(FloatBuffer.allocate(length)),
                    "images hold %d values; expected N x 192".formatted(length));
        }
    }

    @Test
    void outputsThatTheNetworkLacksAreRefused() {
        FloatBuffer images = images(1, 4);
        try (CompiledEngine engine = reduced(FEATURES)) {
            assertThat(engine.outputs()).containsExactly(FEATURES);
            assertRejects(
                    () -> engine.run(images, Set.of(FEATURES, LOGITS)),
                    "expected some of [FEATURES]");
            assertRejects(() -> engine.run(images, Set.of()));
        }
    }

    private static CompiledEngine reduced(NetworkOutput output) {
        NetworkPlan plan = TinyNetwork.plan();
        return TinyNetwork.engine(
                plan.reducedTo(Set.of(output)), NetworkParameters.of(TinyNetwork.values(plan)));
    }

    @Test
    void aNetworkOfLogitsAloneRuns() {
        FloatBuffer images = images(1, 4);
        try (CompiledEngine whole = TinyNetwork.engine();
                CompiledEngine engine = reduced(LOGITS)) {
            assertThat(engine.run(images, Set.of(LOGITS)))
                    .isEqualTo(whole.run(images, Set.of(LOGITS)));
        }
    }

    @Test
    void aClosedEngineRejectsCalls() {
        CompiledEngine engine = TinyNetwork.engine();
        engine.close();
        engine.close();
        FloatBuffer images = images(1, 4);
        String reason = "the engine is closed";
        assertFails(IllegalStateException.class, () -> engine.features(images), reason);
        assertFails(IllegalStateException.class, () -> engine.streamedFeatures(images), reason);
    }

    @Test
    void closingWaitsForRunningCalls() throws Exception {
        FloatBuffer images = images(400, 4);
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            for (int round = 0; round < 10; round++) {
                CompiledEngine engine = TinyNetwork.engine();
                FloatTensor expected = engine.features(images);
                List<Future<FloatTensor>> running = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    running.add(threads.submit(() -> engine.features(images)));
                }
                engine.close();
                for (Future<FloatTensor> call : running) {
                    try {
                        assertThat(call.get()).isEqualTo(expected);
                    } catch (ExecutionException e) {
                        assertThat(e).hasRootCauseMessage("the engine is closed");
                    }
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void wrongParametersAreNamed() {
        Map<String, float[]> missing = TinyNetwork.values(TinyNetwork.plan());
        missing.remove("map/b");
        assertRefused(missing, "parameter 'map/b' is missing; the plan expects 4, shape [4]");
        Map<String, float[]> shorter = TinyNetwork.values(TinyNetwork.plan());
        shorter.put("map/W", new float[107]);
        assertRefused(shorter, "parameter 'map/W' has 107 values; the plan expects 108");
        Map<String, float[]> notFinite = TinyNetwork.values(TinyNetwork.plan());
        notFinite.get("map/W")[9] = Float.NaN;
        assertRefused(notFinite, "value 9 of parameter 'map/W' is NaN");
    }

    private static void assertRefused(Map<String, float[]> values, String message) {
        assertRejects(
                () -> TinyNetwork.engine(TinyNetwork.plan(), NetworkParameters.of(values)),
                message);
    }

    @Test
    void reportsWhatRuns() {
        EngineReport report = engine.report();
        assertThat(report.kind()).isEqualTo(EngineReport.Kind.COMPILED);
        assertThat(report.runtime()).startsWith("ONNX Runtime 1.");
        assertThat(report.threads()).isPositive();
        assertThat(report.summary())
                .startsWith(report.runtime())
                .contains(report.threads() + " thread")
                .endsWith("(made from a plan)");
    }

    @Test
    void tensorsGiveRowsAndReadOnlyValues() {
        FloatTensor tensor = new FloatTensor(List.of(2, 3), new float[] {1, 2, 3, 4, 5, 6});
        assertThat(tensor.batch()).isEqualTo(2);
        assertThat(tensor.row(1)).containsExactly(4, 5, 6);
        assertThat(tensor.values().isReadOnly()).isTrue();
        assertThat(tensor)
                .isNotEqualTo(new FloatTensor(List.of(3, 2), new float[] {1, 2, 3, 4, 5, 6}));
        assertRejects(() -> new FloatTensor(List.of(2, 3), new float[5]));
        assertThat(tensor).hasToString("float32 [2, 3]");
        assertFails(IndexOutOfBoundsException.class, () -> tensor.row(2));
    }
}
