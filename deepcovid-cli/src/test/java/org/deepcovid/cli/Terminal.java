package org.deepcovid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.image.Augmentation;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.testing.TinyBackbone;

/** Runs commands within the tests' process, in a folder of their own. */
final class Terminal {

    /** What a command printed and its exit code. */
    record Run(int code, String out, String err) {
        String all() {
            return out + err;
        }
    }

    private final Path folder;

    Terminal(Path folder) {
        this.folder = folder;
        System.setProperty("deepcovid.home", folder.resolve("home").toString());
    }

    /** The arguments of a command line without quotes; values replace its {@code %s}. */
    static Object[] words(String line, Object... values) {
        return line.formatted(values).split(" ");
    }

    /** Runs a command given as words, or as a line with values as {@link #words} takes it. */
    Run run(Object... words) {
        return run(NetworkOptions.Source.standard(), words);
    }

    /** Runs a command that must succeed. */
    Run succeeds(Object... words) {
        return exits(0, words);
    }

    /** Runs a command that must end with an exit code, without a stack trace. */
    Run exits(int code, Object... words) {
        Run run = run(words);
        assertThat(run.code()).as(run.all()).isEqualTo(code);
        assertThat(run.err()).doesNotContain("\tat ");
        return run;
    }

    /** Runs a command that fine-tunes networks of the test's own. */
    Run run(NetworkOptions.Source networks, Object... words) {
        Object[] each = words;
        if (words.length > 0 && words[0] instanceof String line && line.contains(" ")) {
            each = words(line, Arrays.copyOfRange(words, 1, words.length));
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                new DeepCovid(
                                new ProcessContext(
                                        folder, Map.of(), folder.resolve("user"), "Linux"),
                                ConsoleProgress.Style.LINES,
                                networks)
                        .run(
                                new PrintWriter(out),
                                new PrintWriter(err),
                                Stream.of(each).map(Object::toString).toArray(String[]::new));
        return new Run(code, out.toString(), err.toString());
    }

    /** The weights within a classifier's file. */
    static byte[] weights(Path classifier) throws IOException {
        try (ZipFile zip = new ZipFile(classifier.toFile())) {
            return zip.getInputStream(zip.getEntry("weights.safetensors")).readAllBytes();
        }
    }

    /** Saves a classifier with a tiny random network, made from {@code train} and {@code val}. */
    static Path saveClassifier(Path data, Path file, long seed) {
        FineTuneConfig config =
                FineTuneConfig.defaults()
                        .withSeed(seed)
                        .withEpochs(20)
                        .withLearningRate(0.05)
                        .withPositiveCopies(1, Augmentation.none());
        try (FineTuned run =
                CovidClassifier.fineTune(
                        TinyBackbone.random(seed),
                        PatientSplitter.seeded(1).split(XrayDataset.read(data)).fitting(),
                        config)) {
            run.classifier(new DecisionThreshold(0.5, "fixed", "no images")).save(file);
        }
        return file;
    }
}
