package org.deepcovid.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Runs a program in a new JVM, for measurements from its start. */
final class ChildJvm {

    private ChildJvm() {}

    /** Seconds from a program's start to its end, and its {@code key=value} output lines. */
    record Run(double seconds, Map<String, Double> printed) {
        Run {
            printed = Map.copyOf(printed);
        }
    }

    static Run java(Class<?> main, List<String> jvmOptions, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Djava.awt.headless=true");
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return run(command);
    }

    static Run run(List<String> command) {
        try {
            long start = System.nanoTime();
            Process process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            double seconds = (System.nanoTime() - start) / 1e9;
            if (exit != 0) {
                throw new IllegalStateException(
                        "%s ended with %d and printed:%n%s".formatted(command, exit, output));
            }
            return new Run(seconds, printed(output));
        } catch (IOException e) {
            throw new UncheckedIOException(command + " could not be started", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command + " ran", e);
        }
    }

    static Map<String, Double> printed(String output) {
        return output.lines()
                .filter(line -> line.matches("[a-z_]+=[-+.0-9E]+"))
                .map(line -> line.split("="))
                .collect(Collectors.toMap(word -> word[0], word -> Double.valueOf(word[1])));
    }
}
