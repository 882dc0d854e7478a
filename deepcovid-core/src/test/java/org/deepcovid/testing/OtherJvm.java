package org.deepcovid.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program that ended in a JVM of its own.
 *
 * @param exit its status
 * @param output what it wrote to standard output
 */
public record OtherJvm(int exit, String output) {

    /** Starts a class with the class path of the tests, which an option may replace. */
    public static ProcessBuilder command(Class<?> main, List<String> options, Object... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(options);
        command.add(main.getName());
        List.of(arguments).forEach(argument -> command.add(argument.toString()));
        return new ProcessBuilder(command).redirectError(Redirect.INHERIT);
    }

    /** Runs a class to its end, for at most two minutes. */
    public static OtherJvm run(Class<?> main, List<String> options, Object... arguments)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("deepcovid", ".txt");
        try {
            Process process =
                    command(main, options, arguments).redirectOutput(output.toFile()).start();
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            return new OtherJvm(
                    process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            Files.delete(output);
        }
    }
}
