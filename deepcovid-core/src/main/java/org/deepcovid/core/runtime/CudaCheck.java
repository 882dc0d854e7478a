package org.deepcovid.core.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks, without loading native code, whether nd4j-cuda-11.6 1.0.0-M2.1 can run.
 *
 * @param onClassPath whether the class path has a resource
 * @param cards name and compute capability of each card, as {@code nvidia-smi} prints them
 */
record CudaCheck(Predicate<String> onClassPath, boolean windows, Supplier<String> cards) {

    static final String BACKEND = "org.nd4j.linalg.jcublas.JCublasBackend";

    /**
     * The natives contain machine code for 3.7, 5.0, 5.2, 6.0, 6.1, 7.0, 7.5, 8.0 and 8.6. Code for
     * one capability also runs on later ones of the same major number. There is no PTX, which a
     * driver could translate for other cards.
     */
    private static final Pattern SUPPORTED = Pattern.compile("3\\.[7-9]|[5-8]\\.\\d+");

    private static final Pattern CARD =
            Pattern.compile("^\\s*(.+),\\s*(\\d+\\.\\d+)\\s*$", Pattern.MULTILINE);

    static CudaCheck ofThisMachine() {
        return new CudaCheck(
                resource -> CudaCheck.class.getResource('/' + resource) != null,
                System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows"),
                () ->
                        output(
                                "nvidia-smi",
                                "--query-gpu=name,compute_cap",
                                "--format=csv,noheader"));
    }

    boolean backendOnClassPath() {
        return onClassPath.test(BACKEND.replace('.', '/') + ".class");
    }

    /** One sentence per obstacle; empty if no obstacle is known. */
    List<String> obstacles() {
        return Stream.of(classPathObstacle(), cardObstacle())
                .filter(obstacle -> !obstacle.isEmpty())
                .toList();
    }

    private String classPathObstacle() {
        String platform = windows ? "windows-x86_64" : "linux-x86_64";
        String folder = "org/nd4j/linalg/jcublas/bindings/" + platform;
        String library = windows ? "/nd4jcuda.dll" : "/libnd4jcuda.so";
        if (!backendOnClassPath()) {
            return "the CUDA backend is not on the class path: add org.nd4j:nd4j-cuda-11.6 and its"
                    + " natives (classifier such as linux-x86_64)";
        }
        return Stream.of("", "-cudnn").anyMatch(kind -> onClassPath.test(folder + kind + library))
                ? ""
                : "the natives of the CUDA backend are not on the class path: add"
                        + " org.nd4j:nd4j-cuda-11.6 with the classifier "
                        + platform;
    }

    private String cardObstacle() {
        List<MatchResult> found = CARD.matcher(cards.get()).results().toList();
        if (found.isEmpty()) {
            return "nvidia-smi lists no card: check the driver, which must be of CUDA 11.6 or"
                    + " newer";
        }
        if (found.stream().anyMatch(card -> SUPPORTED.matcher(card.group(2)).matches())) {
            return "";
        }
        return found.stream()
                .map(card -> card.group(1) + " (compute capability " + card.group(2) + ")")
                .collect(Collectors.joining(", "))
                .concat(
                        " cannot run nd4j-cuda-11.6, whose natives support compute capability 3.7"
                                + " to 8.9 and contain no PTX");
    }

    /** Output of a program, at most a few lines; empty if it cannot run or takes 10 seconds. */
    static String output(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            if (process.waitFor(10, TimeUnit.SECONDS)) {
                return new String(
                        process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            }
            process.destroyForcibly();
        } catch (IOException e) {
            return ""; // no such program
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "";
    }
}
