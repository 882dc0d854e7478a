package org.deepcovid.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackendStartTest {

    /** Replaces the CUDA backend and prints when ND4J uses it. */
    private static final String STAND_IN =
            """
            package org.nd4j.linalg.jcublas;
            public class JCublasBackend extends org.nd4j.linalg.cpu.nativecpu.CpuBackend {
                @Override public boolean isAvailable() {
                    System.out.println("ND4J turned to CUDA");
                    throw new IllegalStateException("no card");
                }
                @Override public int getPriority() { return 100; }
            }
            """;

    @Test
    void failureNamesItsCauseAndWhatToAdd() {
        Throwable cause = new RuntimeException(new UnsatisfiedLinkError("libcudart.so.11.0"));

        assertThat(BackendChoice.CUDA.failure(cause))
                .hasMessageContaining("the CUDA backend could not be started")
                .hasMessageContaining("UnsatisfiedLinkError: libcudart.so.11.0")
                .hasMessageContaining("libraries of CUDA 11.6")
                .hasCause(cause);
        assertThat(BackendChoice.CPU.failure(cause))
                .hasMessageContaining("the CPU backend could not be started")
                .hasMessageContaining("add org.nd4j:nd4j-native");
    }

    @Test
    void cudaAskedForWithoutItEndsWithTheReasonAtEveryCall() throws Exception {
        String output = start(List.of(), "-Ddeepcovid.backend=cuda");

        assertThat(output.lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith("deepcovid.backend is cuda"))
                .allMatch(line -> line.contains("org.nd4j:nd4j-cuda-11.6"));
    }

    @Test
    void cpuIsTheDefaultAndDoesNotTouchCuda(@TempDir Path folder) throws Exception {
        String output = start(List.of(standIn(folder)));

        assertThat(output).contains("CpuBackend").doesNotContain("ND4J turned to CUDA");
    }

    @Test
    void autoWithoutNativesUsesTheCpuWithAWarning(@TempDir Path folder) throws Exception {
        String output = start(List.of(standIn(folder)), "-Ddeepcovid.backend=auto");

        assertThat(output)
                .containsOnlyOnce("the CPU is used, since CUDA cannot be")
                .contains("the natives of the CUDA backend are not on the class path")
                .contains("CpuBackend")
                .doesNotContain("ND4J turned to CUDA");
    }

    /** The runtime once, then again, in a JVM of its own; gives what it printed. */
    private static String start(List<Path> first, String... options) throws Exception {
        List<String> entries = new ArrayList<>(first.stream().map(Path::toString).toList());
        entries.add(System.getProperty("java.class.path"));
        Path arguments = Files.createTempFile("deepcovid", ".txt");
        Path output = Files.createTempFile("deepcovid", ".txt");
        try {
            String classPath = String.join(File.pathSeparator, entries).replace("\\", "\\\\");
            Files.writeString(arguments, "-cp \"" + classPath + "\"");
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of("-Xmx256m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
            command.addAll(List.of(options));
            command.addAll(List.of("@" + arguments, StartTwice.class.getName()));
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().remove(DeepCovidRuntime.BACKEND_VARIABLE);
            builder.redirectOutput(output.toFile()).start().waitFor();
            return Files.readString(output, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("WARNING: "))
                    .collect(java.util.stream.Collectors.joining("\n"));
        } finally {
            Files.delete(arguments);
            Files.delete(output);
        }
    }

    private static Path standIn(Path folder) throws IOException {
        Path source = folder.resolve("JCublasBackend.java");
        Files.writeString(source, STAND_IN);
        int result =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                Stream.of(
                                                "-proc:none",
                                                "-nowarn",
                                                "-cp",
                                                System.getProperty("java.class.path"),
                                                "-d",
                                                folder.toString(),
                                                source.toString())
                                        .toArray(String[]::new));
        assertThat(result).isZero();
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(
                services.resolve("org.nd4j.linalg.factory.Nd4jBackend"),
                "# CUDA\n" + CudaCheck.BACKEND + "\n");
        return folder;
    }
}
