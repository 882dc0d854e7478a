package org.deepcovid.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.stream.IntStream;
import org.deepcovid.core.CovidClassifier;

/**
 * Scores the files of a folder over and over until a number of files has been scored, and prints
 * the peak resident memory; the arguments are classifier, folder, number.
 */
final class ScoreFilesProgram {

    private ScoreFilesProgram() {}

    public static void main(String[] args) throws IOException {
        List<Path> files = ImageFolder.files(Path.of(args[1]));
        int count = Integer.parseInt(args[2]);
        DoubleAdder sum = new DoubleAdder();
        long start = System.nanoTime();
        try (CovidClassifier classifier = CovidClassifier.load(Path.of(args[0]))) {
            classifier.predict(
                    IntStream.range(0, count).mapToObj(i -> files.get(i % files.size())),
                    (file, prediction) -> sum.add(prediction.positiveProbability()));
        }
        System.out.println("files_per_second=" + count / ((System.nanoTime() - start) / 1e9));
        System.out.println("peak_megabytes=" + peakKilobytes() / 1024.0);
        System.out.println("mean_score=" + sum.sum() / count);
    }

    private static long peakKilobytes() throws IOException {
        Path status = Path.of("/proc/self/status"); // Linux
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(status + " has no line VmHWM"));
    }
}
