package org.deepcovid.benchmarks;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleSupplier;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.models.Backbones;

/**
 * Measures the engines in turn in one JVM; two JVMs one after another cannot show a difference of a
 * few per cent on a shared machine. A ratio above 1 is faster than the compiled engine.
 */
final class EnginesRow {

    private static final String ROW = "engines";
    private static final List<Contender> CONTENDERS =
            List.of(
                    Contender.COMPILED,
                    Contender.ONNXRUNTIME,
                    Contender.ONEDNN_FLOAT32,
                    Contender.ONEDNN_BFLOAT16);

    private static final long PAUSE_NANOSECONDS = 200_000_000;
    private static final long TURN_NANOSECONDS = 200_000_000;

    private EnginesRow() {}

    static List<Figure> measure(RowOptions options) {
        List<Figure> figures = new ArrayList<>();
        for (String network : options.networks()) {
            try (Backbone backbone = Backbones.load(network, options.weights(network))) {
                Map<Contender, Contender.Runner> runners = new EnumMap<>(Contender.class);
                try {
                    CONTENDERS.forEach(c -> runners.put(c, c.start(backbone)));
                    for (int batch : options.counts(1, 20)) {
                        measure(
                                options,
                                backbone.spec().inputSize(),
                                network,
                                batch,
                                runners,
                                figures);
                    }
                } finally {
                    runners.values().forEach(Contender.Runner::close);
                }
            }
        }
        return figures;
    }

    private static void measure(
            RowOptions options,
            int inputSize,
            String network,
            int batch,
            Map<Contender, Contender.Runner> runners,
            List<Figure> figures) {
        FloatBuffer images = InferenceBenchmark.images(batch, inputSize);
        Map<String, DoubleSupplier> turns = new LinkedHashMap<>();
        runners.forEach(
                (contender, runner) ->
                        turns.put(contender.id(), () -> milliseconds(runner, images)));
        Map<String, Double> times = InTurn.medians(options.rounds(15), turns);
        String setting = " batch " + batch;
        times.forEach(
                (engine, time) -> {
                    figures.add(new Figure(ROW, network, engine + setting, time, "ms"));
                    double ratio = times.get(Contender.COMPILED.id()) / time;
                    figures.add(
                            new Figure(ROW, network, engine + " speed" + setting, ratio, "ratio"));
                });
    }

    /**
     * Time per batch. Pauses first: after a run, idle threads of ONNX Runtime spin for a while and
     * then sleep, so the first batch wakes them and is not counted.
     */
    private static double milliseconds(Contender.Runner runner, FloatBuffer images) {
        LockSupport.parkNanos(PAUSE_NANOSECONDS);
        runner.run(images);
        long start = System.nanoTime();
        int batches = 0;
        long elapsed;
        do {
            runner.run(images);
            batches++;
            elapsed = System.nanoTime() - start;
        } while (elapsed < TURN_NANOSECONDS);
        return elapsed / 1e6 / batches;
    }
}
