package org.deepcovid.benchmarks;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.models.Backbones;

/**
 * Measures the compiled engine and bare ONNX Runtime in turn in one JVM; two JVMs one after another
 * cannot show a difference of a few per cent on a shared machine.
 *
 * <p>Arguments: a CSV file to write, a folder of weights, and the number of rounds.
 */
public final class CompareAlternating {

    private static final List<Integer> BATCHES = List.of(1, 20);

    private static final long PAUSE_NANOSECONDS = 200_000_000;
    private static final long TURN_NANOSECONDS = 200_000_000;

    private CompareAlternating() {}

    public static void main(String[] args) throws IOException {
        if (args.length != 3) {
            throw new IllegalArgumentException(
                    "arguments are %s; expected CSV_FILE WEIGHTS_FOLDER ROUNDS"
                            .formatted(List.of(args)));
        }
        int rounds = Integer.parseInt(args[2]);
        String command = "CompareAlternating " + String.join(" ", args);
        List<String> lines =
                new ArrayList<>(new ResultTable(DeepCovidRuntime.initialise(), command).heading());
        lines.add("network,batch,compiled_median_ms,onnxruntime_median_ms,compiled_speed_ratio");
        for (String network : Backbones.names()) {
            Path weights = WeightsFolder.find(Path.of(args[1]), network);
            try (Backbone backbone = Backbones.load(network, weights);
                    Contender.Runner compiled = Contender.COMPILED.start(backbone);
                    Contender.Runner bare = Contender.ONNXRUNTIME.start(backbone)) {
                for (int batch : BATCHES) {
                    FloatBuffer images =
                            InferenceBenchmark.images(batch, backbone.spec().inputSize());
                    lines.add(
                            network + "," + batch + "," + compare(compiled, bare, images, rounds));
                }
            }
        }
        Files.write(Path.of(args[0]), lines);
    }

    private static String compare(
            Contender.Runner compiled, Contender.Runner bare, FloatBuffer images, int rounds) {
        Map<String, Double> times =
                InTurn.medians(
                        rounds,
                        Map.of(
                                "compiled", () -> milliseconds(compiled, images),
                                "bare", () -> milliseconds(bare, images)));
        double our = times.get("compiled");
        double their = times.get("bare");
        return String.format(Locale.ROOT, "%.3f,%.3f,%.3f", our, their, their / our);
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
