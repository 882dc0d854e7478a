package org.deepcovid.core.runtime;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What the check for CUDA reads from the machine; tests use a fake. */
interface Machine {

    /** This machine. */
    Machine LOCAL = new Local();

    /** Whether the class path has a resource; without a leading slash. */
    boolean onClassPath(String resource);

    boolean exists(Path file);

    boolean windows();

    /** Runs a program; empty if it cannot be run or takes more than 10 seconds. */
    Optional<Output> run(List<String> command);

    /** Exit code and standard output of a program. */
    record Output(int exitCode, String text) {}

    /** Reads the file system, the class path and the output of real programs. */
    final class Local implements Machine {

        @Override
        public boolean onClassPath(String resource) {
            return Machine.class.getResource('/' + resource) != null;
        }

        @Override
        public boolean exists(Path file) {
            return Files.exists(file);
        }

        @Override
        public boolean windows() {
            return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
        }

        @Override
        public Optional<Output> run(List<String> command) {
            try {
                // a file, since a pipe would block a program that writes more than it holds
                File file = File.createTempFile("deepcovid", ".txt");
                try {
                    Process process =
                            new ProcessBuilder(command)
                                    .redirectErrorStream(true)
                                    .redirectOutput(file)
                                    .start();
                    if (!process.waitFor(10, TimeUnit.SECONDS)) {
                        process.destroyForcibly().waitFor();
                        return Optional.empty();
                    }
                    String text = Files.readString(file.toPath(), StandardCharsets.ISO_8859_1);
                    return Optional.of(new Output(process.exitValue(), text));
                } finally {
                    Files.deleteIfExists(file.toPath());
                }
            } catch (IOException e) {
                return Optional.empty(); // no such program
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
    }
}
