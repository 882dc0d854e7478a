package org.deepcovid.cli;

import java.nio.file.Path;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.core.training.RunOptions;
import org.deepcovid.eval.metrics.ThresholdRule;
import org.deepcovid.eval.report.Evaluation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fine-tunes and saves a classifier. */
@Command(
        name = "fine-tune",
        header = "Fine-tunes a network on radiographs and saves it as a classifier.",
        description =
                "The threshold is chosen on out-of-fold scores; the test images, if any, are then"
                        + " scored once.",
        footer = {
            "",
            "DATA is a folder with covid/ and non/, or with these below train/, val/ and test/; or",
            "a CSV file with the columns file and label, and optionally patient, split and source.",
            "Other labels than these two, and more, are named by the folders or the column.",
            "",
            "Examples:",
            "  deepcovid fine-tune radiographs/ -o my.deepcovid",
            "  deepcovid fine-tune manifest.csv -o my.deepcovid --report report --epochs 50",
            "  deepcovid fine-tune kaggle/ -o my.deepcovid --positive PNEUMONIA",
            "  deepcovid fine-tune radiographs/ -o r50.deepcovid --network resnet50 --weights"
                    + " r50.h5",
            "",
            "After an interruption the same command continues."
        })
final class FineTune extends ResumableSubcommand {

    @Mixin final ImageLimit imageLimit = new ImageLimit();

    @Parameters(index = "0", paramLabel = "DATA", description = DATA)
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

    @Override
    int run() {
        ThresholdRule rule = recipe.rule(this);
        FineTuneConfig config = recipe.config(this);
        splitting.check(this);
        start.check(this);
        // checked before the long work
        CovidClassifier.checkWritable(output, ifExists(output));
        reporting.check(this);
        return fineTuning(
                output,
                work -> {
                    detail("%s", DeepCovidRuntime.initialise().summary());
                    stopIfInterrupted();
                    DatasetSplit split = splitting.read(this, data);
                    stopIfInterrupted();
                    Backbone backbone = start.load(this);
                    try (ConsoleProgress progress = progress();
                            FineTuned trained =
                                    CovidClassifier.fineTune(
                                            backbone,
                                            split.fitting(),
                                            config,
                                            RunOptions.defaults()
                                                    .withListener(progress)
                                                    .withWork(work))) {
                        detail("engine: %s", trained.classifier().engine().summary());
                        finish(trained, split, rule);
                        return ExitCode.OK;
                    }
                });
    }

    /** Chooses a threshold, saves and reports. */
    private void finish(FineTuned trained, DatasetSplit split, ThresholdRule rule) {
        if (split.test().isEmpty()) {
            DecisionThreshold threshold = rule.choose(trained.outOfFoldScores());
            save(trained.classifier(threshold));
            remark("there is no test part, so the classifier is not evaluated");
        } else {
            Evaluation evaluation = Evaluation.of(trained, rule, split.test());
            CovidClassifier classifier = trained.classifier(evaluation.threshold());
            save(classifier);
            print("%n%s", evaluation.toText().stripTrailing());
            reporting.write(this, data, split, classifier, evaluation);
        }
    }

    private void save(CovidClassifier classifier) {
        write(output, classifier::save);
        print("classifier saved to %s", output);
    }
}
