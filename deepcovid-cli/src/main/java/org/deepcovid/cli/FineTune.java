package org.deepcovid.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.core.training.TrainingJournal;
import org.deepcovid.eval.metrics.ThresholdRule;
import org.deepcovid.eval.report.Evaluation;
import org.deepcovid.eval.report.ReportWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a classifier. */
@Command(
        name = "fine-tune",
        header = "Fine-tunes a network on radiographs and saves it as a classifier.",
        description =
                "The threshold is chosen without the test images; these, if any, are then looked"
                        + " at once.",
        footer = {
            "",
            "DATA is a folder with covid/ and non/, or with these below train/, val/ and test/; or",
            "a CSV file with the columns file and label, and perhaps patient, split and source.",
            "",
            "Examples:",
            "  deepcovid fine-tune radiographs/ -o my.deepcovid",
            "  deepcovid fine-tune manifest.csv -o my.deepcovid --report report --epochs 50",
            "  deepcovid fine-tune radiographs/ -o my.deepcovid --resume    (after an"
                    + " interruption)",
            "  deepcovid fine-tune radiographs/ -o r50.deepcovid --network resnet50 --weights"
                    + " r50.h5"
        })
final class FineTune extends Subcommand {

    @Parameters(index = "0", paramLabel = "DATA", description = "folder or CSV manifest")
    private Path data;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE",
            description = "classifier to write, usually named *.deepcovid")
    private Path output;

    @Mixin private final StartingPoint start = new StartingPoint();
    @Mixin private final Splitting splitting = new Splitting();
    @Mixin private final Recipe recipe = new Recipe();
    @Mixin private final Reporting reporting = new Reporting();
    @Mixin private final Resuming resuming = new Resuming();

    @Option(
            names = "--sensitivity",
            paramLabel = "SHARE",
            description =
                    "that the threshold shall reach on images not fitted to (default"
                            + " ${DEFAULT-VALUE})")
    private double sensitivity = 0.95;

    @Option(
            names = "--overwrite",
            arity = "0",
            fallbackValue = "true",
            description = "replace the classifier and the report if they exist")
    private boolean overwrite;

    @Override
    public Integer call() {
        ThresholdRule rule = Reporting.rule(this, sensitivity);
        FineTuneConfig config = recipe.config(this);
        splitting.check(this);
        start.check(this);
        CovidClassifier.checkWritable(output, ifExists(overwrite)); // now, not after minutes
        Optional<ReportWriter> writer = reporting.writer(overwrite);
        detail("%s", DeepCovidRuntime.initialise().summary());
        stopIfInterrupted();
        DatasetSplit split = splitting.read(this, data);
        stopIfInterrupted();
        return resuming.keeping(
                output,
                journal -> {
                    try (FineTuned trained = fineTune(split, config, journal)) {
                        detail("engine: %s", trained.classifier().engine().summary());
                        finish(trained, split, rule, writer);
                        return ExitCode.OK;
                    }
                });
    }

    private FineTuned fineTune(DatasetSplit split, FineTuneConfig config, TrainingJournal journal) {
        Backbone backbone = start.load(this);
        try (ConsoleProgress progress = Resuming.progress(this, output)) {
            return CovidClassifier.fineTune(backbone, split.fitting(), config, progress, journal);
        }
    }

    /** Chooses a threshold, saves and reports. */
    private void finish(
            FineTuned trained,
            DatasetSplit split,
            ThresholdRule rule,
            Optional<ReportWriter> writer) {
        if (split.test().isEmpty()) {
            DecisionThreshold threshold = rule.choose(trained.outOfFoldScores());
            save(trained.classifier(threshold));
            remark("there is no test part, so nothing is known about how well it does");
        } else {
            Evaluation evaluation = Evaluation.of(trained, rule, split.test());
            CovidClassifier classifier = trained.classifier(evaluation.threshold());
            save(classifier);
            print("%n%s", evaluation.toText().stripTrailing());
            reporting.write(this, writer, data.toString(), split, classifier, evaluation);
        }
    }

    private void save(CovidClassifier classifier) {
        classifier.save(output, ifExists(overwrite));
        print("classifier saved to %s", output);
    }
}
