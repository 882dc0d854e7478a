package org.deepcovid.benchmarks;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.models.Backbones;

/**
 * Runs the compiled engine and bare ONNX Runtime in turn, for a moment each, in one JVM, so that a
 * change of the machine's clock meets both alike. Two JVMs one after another cannot tell a
 * difference of a few per cent on a shared machine.
 *
 * <p>Arguments: a CSV file to write, a folder of weights, and the number of turns of each kind.
 */
public final class CompareAlternating {

    private static final List<Integer> BATCHES = List.of(1, 20);

    private static final long PAUSE_NANOSECONDS = 200_000_000;
    private static final long TURN_NANOSECONDS = 200_000_000;

    private CompareAlternating() {}

    /**
     * Runs.
     *
     * @param args CSV file, folder of weights, number of turns
     * @throws IOException if the file cannot be written
     */
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
                    Contender.Runner bare = Contender.ONNX_RUNTIME.start(backbone)) {
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
        double[] ours = new double[rounds];
        double[] theirs = new double[rounds];
        milliseconds(compiled, images);
        milliseconds(bare, images);
        for (int i = 0; i < rounds; i++) {
            ours[i] = milliseconds(compiled, images);
            theirs[i] = milliseconds(bare, images);
        }
        double our = median(ours);
        double their = median(theirs);
        return String.format(Locale.ROOT, "%.3f,%.3f,%.3f", our, their, their / our);
    }

    /**
     * Of one batch, from a turn that lasts long enough for the clock and the threads to settle.
     * Waits first: idle threads of ONNX Runtime keep a processor busy for a while after a run, and
     * sleep thereafter, so that the first batch wakes them and does not count.
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

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
