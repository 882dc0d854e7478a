package org.deepcovid.benchmarks;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.models.Backbones;

/**
 * Measures the compiled engine and bare ONNX Runtime in turn in one JVM; two JVMs one after another
 * cannot show a difference of a few per cent on a shared machine.
 */
final class EnginesRow {

    private static final String ROW = "engines";
    private static final String COMPILED = "compiled";
    private static final String BARE = "onnxruntime";

    private static final long PAUSE_NANOSECONDS = 200_000_000;
    private static final long TURN_NANOSECONDS = 200_000_000;

    private EnginesRow() {}

    static List<Figure> measure(RowOptions options) {
        List<Figure> figures = new ArrayList<>();
        for (String network : options.networks()) {
            try (Backbone backbone = Backbones.load(network, options.weights(network));
                    Contender.Runner compiled = Contender.COMPILED.start(backbone);
                    Contender.Runner bare = Contender.ONNXRUNTIME.start(backbone)) {
                for (int batch : options.counts(1, 20)) {
                    FloatBuffer images =
                            InferenceBenchmark.images(batch, backbone.spec().inputSize());
                    Map<String, Double> times =
                            InTurn.medians(
                                    options.rounds(15),
                                    Map.of(
                                            COMPILED, () -> milliseconds(compiled, images),
                                            BARE, () -> milliseconds(bare, images)));
                    String setting = " batch " + batch;
                    times.forEach(
                            (engine, time) ->
                                    figures.add(
                                            new Figure(
                                                    ROW, network, engine + setting, time, "ms")));
                    double share = times.get(BARE) / times.get(COMPILED);
                    figures.add(new Figure(ROW, network, "speed ratio" + setting, share, "ratio"));
                }
            }
        }
        return figures;
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
