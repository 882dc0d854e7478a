package org.deepcovid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CommandLineTest extends TerminalTest {

    @AfterEach
    void forgetThreads() {
        System.clearProperty(DeepCovidRuntime.THREADS);
    }

    static String[] commands() {
        return ("demo prepare fine-tune evaluate predict explain audit compare export info"
                        + " generate-completion")
                .split(" ");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandExplainsItselfAndIsInTheList(String command) {
        Terminal.Run help = terminal.succeeds(command, "--help");
        assertThat(help.out())
                .contains("Usage: deepcovid " + command)
                .contains("Options of every command:", "--seed", "--threads", "--config")
                .containsPattern("(?s)(Examples:|For this shell:).*deepcovid.*" + command);
        assertThat(terminal.run("--help").out()).containsPattern("(?m)^  " + command + " +\\p{Lu}");
        assertThat(terminal.run("help", command).out()).isEqualTo(help.out());
    }

    @Test
    void withoutACommandItListsThemAsAMistake() {
        Terminal.Run run = terminal.exits(2);
        assertThat(run.err()).contains("Start here:", "deepcovid demo", "Exit codes:");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void wrongWordsAreReportedInThreeLinesWithASuggestion() {
        errors(2, "fine-tun")
                .contains("error: there is no command 'fine-tun'", "Did you mean", "fine-tune")
                .contains("see: deepcovid --help");
        errors(2, "demo", "--epohcs", 3)
                .contains("error: Unknown option", "--epohcs", "--epochs")
                .contains("see: deepcovid demo --help")
                .hasLineCount(3);
        errors(2, "predict a b --treshold 0.5").contains("Did you mean --threshold?");
        errors(2, "predict a b --zzzzzz 0.5").doesNotContain("Did you mean");
        errors(2, "predict").contains("Missing required", "CLASSIFIER");
        errors(2, "predict", "a").contains("Missing required", "IMAGE", "--images-from");
    }

    @Test
    void threadsMustBePositiveAndAreSetBeforeAnythingStarts() {
        errors(2, "info", "--threads", 0).contains("--threads is 0; expected at least 1");
        terminal.succeeds("--threads", 1, "info");
        assertThat(System.getProperty(DeepCovidRuntime.THREADS)).isEqualTo("1");
    }

    @Test
    void printsVersionsAndCompletions() {
        output("--version").contains("deepcovid ", "Java " + System.getProperty("java.version"));
        output("generate-completion")
                .contains("complete -F _complete_deepcovid", "fine-tune")
                .contains("--resume", "grad-cam-pp");
    }

    @Test
    void configurationGivesDefaultsAndTheCommandLineWins() throws IOException {
        Path user = folder.resolve("user/.config/deepcovid/deepcovid.properties");
        Files.createDirectories(user.getParent());
        Files.writeString(user, "epochs = 0\nimages=-1\n");
        assertThat(terminal.run("demo").err()).contains("--images is -1");
        Files.writeString(folder.resolve("deepcovid.properties"), "demo.images = 30\nepochs=-2");
        assertThat(terminal.run("demo").err()).contains("--epochs is -2");
        Path given = Files.writeString(folder.resolve("mine.properties"), "epochs=-3");
        assertThat(terminal.run("demo", "--config", given).err()).contains("--epochs is -3");
        assertThat(terminal.run("demo", "--config=" + given, "--epochs=-4").err())
                .contains("--epochs is -4");
        assertThat(terminal.run("info", "--config", given).out())
                .contains("mine.properties", "user/.config/deepcovid/deepcovid.properties");
    }

    @Test
    void flagsOfTheConfigurationStayOnWhenGivenAgain() throws IOException {
        Files.writeString(folder.resolve("deepcovid.properties"), "quiet=true");
        terminal.succeeds("info", "-q");
        Path noClassifier = Files.writeString(folder.resolve("x"), "x");
        assertThat(terminal.run("info", noClassifier, "--debug").err()).contains("\tat ");
        Files.writeString(folder.resolve("deepcovid.properties"), "debug=true");
        assertThat(terminal.run("info", noClassifier, "--debug").err()).contains("\tat ");
    }

    @Test
    void stackTracesNeedAnOption() throws IOException {
        Path text = Files.writeString(folder.resolve("x.deepcovid"), "hello");
        errors(3, "info", text).contains("error: " + text + ": not a saved classifier");
        assertThat(terminal.run("info", text, "-vv").err()).contains("\tat ");
    }

    @Test
    void faultsOfTheProgramHaveTheirOwnExitCodes() {
        assertThat(ExitCode.of(new NullPointerException("x"))).isEqualTo(4);
        assertThat(Failures.message(new NullPointerException("x"))).contains("--debug");
        assertThat(ExitCode.of(new CancellationException("x"))).isEqualTo(130);
        assertThat(ExitCode.of(new OutOfMemoryError("x"))).isEqualTo(3);
        assertThat(Failures.message(new OutOfMemoryError("x"))).contains("-Xmx8g");
    }

    @Test
    void exampleMainsAreFoundByName() {
        assertThat(ExampleMains.NAMES).contains("FineTuneSqueezeNet", "OwnRecipe").hasSize(6);
        assertThat(ExampleMains.isName("FineTuneSqueezeNet")).isTrue();
        assertThat(List.of("demo", "-h", "")).noneMatch(ExampleMains::isName);
    }

    @Test
    void wrongValuesAreReportedWithTheirOption() throws IOException {
        assertThat(terminal.run("demo", "--epochs", "many").err())
                .contains("--epochs", "'many' is not a whole number such as 20");
        assertThat(terminal.run("demo", "--test", "half").err())
                .contains("'half' is not a number such as 0.5");
        assertThat(terminal.run("demo", "--test", 2).err()).contains("--test is 2.0; expected");
        assertThat(folder.resolve("deepcovid-demo")).doesNotExist();
        assertThat(terminal.run("info", "a", "b").err())
                .contains("unexpected argument 'b'; expected CLASSIFIER");
        assertThat(terminal.run("help", "nothing").err())
                .contains("error: there is no command 'nothing'");
        assertThat(terminal.run("evaluate a b --threshold=1 --sensitivity=1").err())
                .startsWith("error: --threshold");
        errors(2, "predict a b --format=yml").contains("expected one of table, csv, jsonl");
        Path file = Files.writeString(folder.resolve("file"), "x");
        errors(3, "demo", "-o", file).contains(file + " is a file; name a new folder");
    }

    @Test
    void aWrongValueOfTheConfigurationIsReportedWithItsFile() throws IOException {
        Path file = Files.writeString(folder.resolve("deepcovid.properties"), "predict.format=xml");
        assertThat(terminal.run("predict", "a", "b").err())
                .contains("--format", "'xml'", "the value comes from " + file);
        assertThat(terminal.run("predict", "a", "b", "--format=yml").err())
                .contains("--format", "'yml'")
                .doesNotContain("the value comes from");
        Files.writeString(file, "demo.epochs=0");
        assertThat(terminal.run("demo").err())
                .contains("--epochs is 0", "the value comes from " + file);
        Files.writeString(file, "predict.formt=csv");
        errors(2, "info").contains(file.toString(), "predict.formt", "such as [predict.format]");
        Files.delete(file);
        errors(2, "info", "--config", folder.resolve("none.properties"))
                .contains("none.properties", "there is no such file");
    }

    @Test
    void resultsThatStandardOutputDoesNotTakeAreAFailure() {
        StringWriter err = new StringWriter();
        PrintWriter full = new PrintWriter(failing("disk full"), false, StandardCharsets.UTF_8);

        assertThat(run(full, err, "--version")).isEqualTo(3);
        assertThat(err.toString()).contains("results could not be written to standard output");
    }

    @Test
    void aPipeWhoseReaderHasEndedIsNoFailure() {
        StringWriter err = new StringWriter();
        OutputStream pipe = new PipedOutput(failing("Broken pipe"));

        assertThat(run(new PrintWriter(pipe, true, StandardCharsets.UTF_8), err, "info")).isZero();
        assertThat(err.toString()).isEmpty();
    }

    private static OutputStream failing(String reason) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(reason);
            }
        };
    }

    private int run(PrintWriter out, StringWriter err, String command) {
        return new DeepCovid(
                        new ProcessContext(folder, Map.of(), folder, "Linux"),
                        ConsoleProgress.Style.NONE,
                        NetworkOptions.Source.standard())
                .run(out, new PrintWriter(err), command);
    }

    @Test
    void controlCharactersAreEscaped() {
        assertThat(PlainText.of("a\u001b[31mb\u009b\u202ec\n\td"))
                .isEqualTo("a\\u001b[31mb\\u009b\\u202ec\n\td");
        errors(2, "info", "a", "b\u001b[2J").contains("b\\u001b[2J").doesNotContain("\u001b");
        errors(3, "info", "\u001b[2J").doesNotContain("\u001b");
    }

    @Test
    void aMessageThatSomethingExistsNamesTheOptionThatReplacesIt() {
        Exception exists = new FileAlreadyExistsException("f", null, "exists");
        assertThat(Failures.message(new UncheckedIOException((IOException) exists)))
                .endsWith(": --overwrite");
        assertThat(Failures.message(new IOException("f: exists"))).isEqualTo("error: f: exists");
        assertThat(Failures.message(new FileSystemException("f", null, "Read-only")))
                .isEqualTo("error: f: Read-only; choose another place");
    }
}
