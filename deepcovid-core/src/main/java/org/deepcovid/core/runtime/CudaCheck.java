package org.deepcovid.core.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Checks, without loading native code, whether nd4j-cuda-11.6 1.0.0-M2.1 can run.
 *
 * @param onClassPath whether the class path has a resource
 * @param exists whether a file exists
 * @param cards name and compute capability of each card, as {@code nvidia-smi} prints them
 */
record CudaCheck(
        Predicate<String> onClassPath,
        Predicate<Path> exists,
        boolean windows,
        Supplier<String> cards) {

    static final String BACKEND = "org.nd4j.linalg.jcublas.JCublasBackend";

    /**
     * The natives contain machine code for 3.7, 5.0, 5.2, 6.0, 6.1, 7.0, 7.5, 8.0 and 8.6. Code for
     * one capability also runs on later ones of the same major number. There is no PTX, which a
     * driver could translate for other cards.
     */
    static final String SUPPORTED = "compute capability 3.7 to 8.9";

    private static final Pattern CARD =
            Pattern.compile("^\\s*(.+),\\s*(\\d{1,3})\\.(\\d{1,3})\\s*$", Pattern.MULTILINE);

    /** Exists where a driver is loaded: on Linux, under WSL, on Windows. */
    private static final List<Path> DRIVERS =
            List.of(
                    Path.of("/dev/nvidiactl"),
                    Path.of("/dev/dxg"),
                    Path.of("C:/Windows/System32/nvcuda.dll"));

    static CudaCheck ofThisMachine() {
        return new CudaCheck(
                resource -> CudaCheck.class.getResource('/' + resource) != null,
                Files::exists,
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
        List<String> obstacles = new ArrayList<>();
        String platform = windows ? "windows-x86_64" : "linux-x86_64";
        if (!backendOnClassPath()) {
            obstacles.add(
                    "the CUDA backend is not on the class path: add org.nd4j:nd4j-cuda-11.6 and its"
                            + " natives (classifier such as linux-x86_64)");
        } else if (!nativesOnClassPath(platform)) {
            obstacles.add(
                    "the natives of the CUDA backend are not on the class path: add"
                            + " org.nd4j:nd4j-cuda-11.6 with the classifier "
                            + platform);
        }
        String text = cards.get();
        List<MatchResult> found = CARD.matcher(text).results().toList();
        if (text.contains("No devices were found")) {
            obstacles.add("the NVIDIA driver lists no device");
        } else if (found.isEmpty() && DRIVERS.stream().noneMatch(exists)) {
            obstacles.add("no NVIDIA driver was found (nvidia-smi lists no card)");
        } else if (!found.isEmpty() && found.stream().noneMatch(CudaCheck::supported)) {
            String names =
                    found.stream()
                            .map(
                                    card ->
                                            card.group(1)
                                                    + " (compute capability "
                                                    + version(card)
                                                    + ")")
                            .collect(Collectors.joining(", "));
            obstacles.add(
                    "%s cannot run nd4j-cuda-11.6, whose natives support %s and contain no PTX"
                            .formatted(names, SUPPORTED));
        }
        return obstacles; // empty also where an old driver does not answer: CUDA is then tried
    }

    private boolean nativesOnClassPath(String platform) {
        String folder = "org/nd4j/linalg/jcublas/bindings/" + platform;
        String library = windows ? "/nd4jcuda.dll" : "/libnd4jcuda.so";
        return onClassPath.test(folder + library) || onClassPath.test(folder + "-cudnn" + library);
    }

    private static String version(MatchResult card) {
        return card.group(2) + "." + card.group(3);
    }

    private static boolean supported(MatchResult card) {
        int major = Integer.parseInt(card.group(2));
        return major == 3 ? Integer.parseInt(card.group(3)) >= 7 : major >= 5 && major <= 8;
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
