package org.deepcovid.cli;

import static java.lang.ProcessBuilder.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.deepcovid.testing.SyntheticRadiographs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program as a process of its own. */
class LaunchTest {

    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    @TempDir Path folder;

    private Process start(List<String> words) throws IOException {
        return start(DeepCovid.class, words)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("printed.txt").toFile())
                .start();
    }

    private ProcessBuilder start(Class<?> program, List<String> words) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                JAVA.toString(),
                                "-Xmx1g",
                                "-Ddeepcovid.home=" + folder.resolve("home"),
                                "-Duser.home=" + folder,
                                "-cp",
                                System.getProperty("java.class.path")));
        command.add(program.getName());
        command.addAll(words);
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    @Test
    void anEndedProcessLeavesNothingHalfWrittenAndCanBeResumed() throws Exception {
        Path data = SyntheticRadiographs.writeParts(folder.resolve("data"), 6, 3, 3, 1);
        Path classifier = Terminal.saveClassifier(data, folder.resolve("c.deepcovid"), 1);
        Path images = SyntheticRadiographs.writeClasses(folder.resolve("many"), 4000, 5);
        Path results = Files.createDirectories(folder.resolve("results"));
        Path output = results.resolve("scores.csv");
        List<String> words =
                List.of(
                        "predict",
                        classifier.toString(),
                        images.toString(),
                        "--format",
                        "csv",
                        "-o",
                        output.toString());
        Process process = start(words);
        Path journals = folder.resolve("home/unfinished");
        waitForScores(process, journals);
        process.destroy(); // as Ctrl-C does, with another signal
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

        assertThat(process.exitValue()).isNotZero();
        try (Stream<Path> left = Files.list(results)) {
            assertThat(left).isEmpty();
        }
        assertThat(folder.resolve("printed.txt"))
                .content()
                .containsPattern(
                        "interrupted: \\d+ of 8000 images are scored; the same command continues")
                .doesNotContain("\tat ");

        assertThat(start(words).waitFor()).isZero();
        assertThat(output).content().hasLineCount(8001);
        assertThat(folder.resolve("printed.txt"))
                .content()
                .containsPattern("which scored \\d+ images");
        try (Stream<Path> left = Files.list(journals)) {
            assertThat(left).isEmpty();
        }
    }

    private static void waitForScores(Process process, Path journals) throws Exception {
        while (process.isAlive() && bytes(journals) == 0) {
            Thread.sleep(20);
        }
        assertThat(process.isAlive()).as("still scoring").isTrue();
    }

    private static long bytes(Path journals) throws IOException {
        if (!Files.exists(journals)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(journals)) {
            return files.filter(f -> f.getFileName().toString().matches("rows-\\d+")).count();
        }
    }

    @Test
    void aKilledFineTuningIsResumedToTheSameClassifier() throws Exception {
        Path data = SyntheticRadiographs.writeParts(folder.resolve("data"), 60, 10, 0, 1);
        Path first = folder.resolve("first.deepcovid");
        Path whole = folder.resolve("whole.deepcovid");
        Process killed = start(fineTune(data, first));
        Path kept =
                folder.resolve("home/unfinished")
                        .resolve(ResumableSubcommand.folder(first).getFileName());
        while (killed.isAlive() && bytes(kept) == 0) {
            Thread.sleep(10);
        }
        killed.destroyForcibly(); // as kill -9 does
        killed.waitFor();
        assertThat(first).doesNotExist();
        assertThat(kept).isNotEmptyDirectory();

        assertThat(start(fineTune(data, first)).waitFor()).isZero();
        assertThat(folder.resolve("printed.txt"))
                .content()
                .containsPattern("continuing from \\d+ images of an interrupted run");
        assertThat(kept).doesNotExist();

        assertThat(start(fineTune(data, whole)).waitFor()).isZero();
        assertThat(Terminal.weights(first)).isEqualTo(Terminal.weights(whole));
    }

    @Test
    void aFineTuningKilledBeforeItsReportIsCompletedByTheSameCommand() throws Exception {
        Path data = SyntheticRadiographs.writeParts(folder.resolve("data"), 12, 6, 6, 1);
        Path classifier = folder.resolve("my.deepcovid");
        Path report = folder.resolve("report");
        List<String> words = new ArrayList<>(fineTune(data, classifier));
        words.addAll(List.of("--report", report.toString()));
        Process killed = start(words);
        while (killed.isAlive() && !Files.exists(classifier)) {
            Thread.sleep(2);
        }
        killed.destroyForcibly();
        killed.waitFor();
        assertThat(classifier).exists();
        assertThat(report.resolve("report.html")).as("killed before the report").doesNotExist();
        byte[] first = Terminal.weights(classifier);

        assertThat(start(words).waitFor()).isZero();
        assertThat(Terminal.weights(classifier)).isEqualTo(first);
        assertThat(report.resolve("report.html")).exists();
        assertThat(folder.resolve("home/unfinished")).isEmptyDirectory();
        assertThat(start(words).waitFor()).as("finished").isNotZero();
        assertThat(folder.resolve("printed.txt")).content().contains("exists");
    }

    /** Runs a command, and stops once it says that its output is written. */
    static final class StopsAfterOutput {
        public static void main(String[] args) {
            PrintWriter console =
                    new PrintWriter(Writer.nullWriter()) {
                        @Override
                        public void println(String line) {
                            if (line.startsWith("report: ") || line.contains(" written to ")) {
                                System.out.println("written");
                                while (true) {
                                    LockSupport.park();
                                }
                            }
                        }
                    };
            ProcessContext context = ProcessContext.ofThisProcess();
            new DeepCovid(context, ConsoleProgress.Style.NONE, NetworkOptions.Source.standard())
                    .run(console, console, args);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"predict", "evaluate", "compare"})
    void aCommandKilledAfterItsOutputIsCompletedByTheSameCommand(String name) throws Exception {
        Path data = SyntheticRadiographs.writeParts(folder.resolve("data"), 6, 4, 6, 1);
        String first = Terminal.saveClassifier(data, folder.resolve("a.deepcovid"), 1).toString();
        Path output = folder.resolve("output");
        String to = output.toString();
        List<String> words =
                switch (name) {
                    case "predict" -> List.of(name, first, data.toString(), "-o", to);
                    case "evaluate" -> List.of(name, first, data.toString(), "--report", to);
                    default ->
                            List.of(
                                    name,
                                    first,
                                    Files.copy(Path.of(first), folder.resolve("b")).toString(),
                                    "--data",
                                    data.toString(),
                                    "--report",
                                    to);
                };
        Process killed = start(StopsAfterOutput.class, words).redirectOutput(PIPE).start();
        assertThat(killed.inputReader().lines().anyMatch("written"::equals))
                .as("written, possibly after warnings of a newer JVM")
                .isTrue();
        assertThat(output).exists();
        killed.destroyForcibly().waitFor(); // as kill -9 does

        Terminal terminal = new Terminal(folder);
        Terminal.Run again = terminal.run(words.toArray());
        assertThat(again.code()).as("its own output: " + again.err()).isZero();
        assertThat(folder.resolve("home/unfinished")).isEmptyDirectory();
        again = terminal.run(words.toArray());
        assertThat(again.code()).as("a finished output").isEqualTo(3);
        assertThat(again.err()).contains("replacement");
    }

    @Test
    void equalRunsGiveEqualFilesAndLeaveNoTemporaryOnes() throws Exception {
        Path data = SyntheticRadiographs.writeParts(folder.resolve("data"), 6, 4, 4, 1);
        Path temporary = Files.createDirectories(folder.resolve("tmp"));
        List<Path> made = List.of(folder.resolve("first"), folder.resolve("second"));
        for (Path output : made) {
            Files.createDirectories(output);
            List<String> words = new ArrayList<>(fineTune(data, output.resolve("c.deepcovid")));
            words.addAll(List.of("--report", output.resolve("report").toString()));
            ProcessBuilder program = start(DeepCovid.class, words);
            program.command().add(1, "-Djava.io.tmpdir=" + temporary);
            program.environment().put("SOURCE_DATE_EPOCH", "1700000000");
            Path printed = folder.resolve("printed.txt");
            int code = program.redirectOutput(printed.toFile()).start().waitFor();
            assertThat(code).as(Files.readString(printed)).isZero();
            assertThat(temporary).isEmptyDirectory();
        }
        try (Stream<Path> files = Files.walk(made.get(0))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(made.get(1).resolve(made.get(0).relativize(file)))
                        .hasSameBinaryContentAs(file);
            }
        }
        assertThat(made.get(0).resolve("report/report.json"))
                .content()
                .contains("2023-11-14T22:13:20Z");
    }

    private static List<String> fineTune(Path data, Path output) {
        return List.of("fine-tune", data.toString(), "-o", output.toString(), "--epochs", "3");
    }

    @Test
    void progressElsewhereThanOnATerminalIsPlainLines() {
        List<String> lines = new ArrayList<>();
        try (ConsoleProgress progress =
                new ConsoleProgress(ConsoleProgress.Style.LINES, lines::add)) {
            for (int i = 1; i <= 1000; i++) {
                progress.show("first", i, 1000);
            }
            progress.show("second", 0, 2);
            progress.show("second", 2, 2);
        }
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).matches("first: 1000 of 1000 in \\d+\\.\\d s");
        assertThat(lines.get(1)).startsWith("second: 2 of 2");

        try (ConsoleProgress none = new ConsoleProgress(ConsoleProgress.Style.NONE, lines::add)) {
            none.show("third", 1, 1);
        }
        assertThat(lines).hasSize(2);
    }
}
