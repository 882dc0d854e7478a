package org.deepcovid.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.provenance.DataFingerprint;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.core.runtime.RuntimeEnvironment;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.core.training.TrainableLayers;
import org.deepcovid.core.training.TrainableLayers.LastStage;
import org.deepcovid.models.Backbones;
import org.deepcovid.models.catalogue.CacheSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Describes the installation or a classifier. */
@Command(
        name = "info",
        header = "Describes this installation, or a saved classifier and its training.",
        footer = {
            "",
            "Examples:",
            "  deepcovid info",
            "  deepcovid info my.deepcovid",
            "  deepcovid info --layers resnet50"
        })
final class Info extends Subcommand {

    @Parameters(index = "0", arity = "0..1", paramLabel = "CLASSIFIER", description = CLASSIFIER)
    private Path classifierFile;

    @Option(
            names = "--layers",
            description =
                    "list the layers that fine-tune --train-from accepts, with their numbers of"
                            + " parameters; CLASSIFIER may be the name of a network (default:"
                            + " the bundled one)")
    private boolean layers;

    @Override
    public Integer call() {
        if (layers) {
            layers();
        } else if (classifierFile == null) {
            installation();
        } else {
            try (CovidClassifier classifier = CovidClassifier.load(classifierFile)) {
                describe(classifier);
            }
        }
        return ExitCode.OK;
    }

    private void layers() {
        try (Backbone backbone = network()) {
            for (String layer : TrainableLayers.layersOf(backbone)) {
                print("%-34s %8d", layer, backbone.graph().getLayer(layer).numParams());
            }
            remark(
                    "last-stage of %s: %s and what follows",
                    backbone.spec().architecture(), new LastStage().in(backbone).layer());
        }
    }

    private Backbone network() {
        if (classifierFile == null) {
            return Backbones.bundled();
        }
        String name = classifierFile.toString();
        return Backbones.names().contains(name)
                ? Backbones.untrained(name, seed())
                : Backbones.ofClassifier(classifierFile);
    }

    private void installation() {
        RuntimeEnvironment runtime = DeepCovidRuntime.initialise();
        line("version", "deepcovid " + Versions.library());
        line("backend", runtime.backend() + (runtime.oneDnn() ? " with oneDNN helpers" : ""));
        line("processor", runtime.cpu() + " " + runtime.cpuFeatures());
        line("threads", "%d of %d processors".formatted(runtime.threads(), runtime.processors()));
        line(
                "memory",
                String.format(
                        Locale.ROOT,
                        "%.1f GiB, natives may use %.1f GiB, Java heap %.1f GiB",
                        gibibytes(runtime.machineMemoryBytes()),
                        gibibytes(runtime.memoryLimitBytes()),
                        gibibytes(runtime.heapLimitBytes())));
        line("Java", runtime.javaVersion());
        line("system", runtime.operatingSystem());
        line("networks", String.join(", ", Backbones.names()));
        line("weights", CacheSettings.fromEnvironment().folder().toString());
        line("unfinished", ResumableSubcommand.folder().toString());
        line(
                "configuration",
                config().files().isEmpty()
                        ? "none (looked for ./%s and %s)"
                                .formatted(ConfigFiles.NAME, context().userConfiguration())
                        : config().files().toString());
    }

    private void describe(CovidClassifier classifier) {
        ModelProvenance made = classifier.provenance();
        line("classifier", classifierFile.toString());
        line("network", classifier.spec().architecture() + ", " + classifier.spec().flavour());
        line("paper", classifier.spec().paper());
        line(
                "weights",
                made.weights().name()
                        + (made.weights().trained() ? "" : " (RANDOM, never trained)"));
        line("  SHA-256", made.weights().sha256());
        line("  licence", classifier.spec().licence());
        line("input", "%1$d x %1$d pixels".formatted(classifier.spec().inputSize()));
        line("standardised", classifier.preprocessing().standardization().describe());
        line(
                "threshold",
                classifier
                        .threshold()
                        .map(t -> "%s: %s; %s".formatted(t.value(), t.rule(), t.fittedOn()))
                        .orElse("none"));
        line("scores", classifier.decisions().describeScores());
        classifier
                .threshold()
                .flatMap(DecisionThreshold::review)
                .ifPresent(
                        r ->
                                line(
                                        "review",
                                        "%s to %s: %s".formatted(r.lower(), r.upper(), r.rule())));
        LabelSet labels = classifier.labels();
        line(
                "labels",
                "%s; positive: %s".formatted(String.join(", ", labels.names()), labels.positive()));
        line("precision", made.describePrecision());
        line("data read as", made.layout().orElse("not known"));
        data("training", made.training(), labels);
        data("validation", made.validation(), labels);
        made.groups()
                .ifPresent(groups -> groups.byAttribute().forEach((name, of) -> fitted(name, of)));
        line(
                "input check",
                classifier.inputCheck().isPresent()
                        ? "tells images unlike the training images"
                        : "none: the training images are not described");
        line("recipe", recipe(made.config()));
        line(
                "epoch",
                "%d of %d, lowest validation loss"
                        .formatted(made.chosenEpoch(), made.history().size()));
        line("trained at", made.trainedAt());
        line("trained on", made.environment().summary());
        line("library", made.environment().libraryVersion());
        line("engine", classifier.engine().summary());
        remark("%s", NOTICE);
    }

    private static String recipe(FineTuneConfig config) {
        return "%d epochs, batches of %d, learning rate %s, %s, %s"
                .formatted(
                        config.epochs(),
                        config.batchSize(),
                        config.learningRate(),
                        config.optimizer().describe(),
                        config.seeds() == 1
                                ? "seed " + config.seed()
                                : "mean of the heads of seeds %d to %d"
                                        .formatted(
                                                config.seed(), config.seed() + config.seeds() - 1));
    }

    private void data(String part, DataFingerprint data, LabelSet labels) {
        String counts =
                labels.counted().stream()
                        .map(label -> data.count(label) + " " + label)
                        .collect(Collectors.joining(", "));
        line(
                part,
                "%d images, %s, %d patients, fingerprint %s"
                        .formatted(data.images(), counts, data.patients(), data.sha256()));
    }

    /** As in {@code Hannover (243 covid), Kermany (240 non)}. */
    private void fitted(String attribute, Map<String, Map<String, Integer>> values) {
        line(
                "fitted " + attribute,
                values.entrySet().stream()
                        .map(value -> "%s (%s)".formatted(value.getKey(), counts(value.getValue())))
                        .collect(Collectors.joining(", ")));
    }

    private static String counts(Map<String, Integer> byLabel) {
        return byLabel.entrySet().stream()
                .filter(label -> label.getValue() > 0)
                .map(label -> label.getValue() + " " + label.getKey())
                .collect(Collectors.joining(", "));
    }

    private void line(String name, String value) {
        print("%-14s %s", name, value);
    }

    private static double gibibytes(long bytes) {
        return bytes / (double) (1L << 30);
    }
}
