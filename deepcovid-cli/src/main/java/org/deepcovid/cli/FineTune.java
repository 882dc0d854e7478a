package org.deepcovid.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.Decisions;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.FittingData;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.core.training.RunOptions;
import org.deepcovid.eval.audit.ShortcutAudit;
import org.deepcovid.eval.decision.DecisionPolicy;
import org.deepcovid.eval.report.AnswerResults;
import org.deepcovid.eval.report.CrossValidation;
import org.deepcovid.eval.report.Evaluation;
import org.deepcovid.eval.report.Report;
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
            "  deepcovid fine-tune manifest.csv -o my.deepcovid --report report --seeds 5",
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
    @Mixin private final PrecisionOption precision = new PrecisionOption();
    @Mixin private final Recipe recipe = new Recipe();
    @Mixin private final DecisionOptions decisions = new DecisionOptions();
    @Mixin private final Seeds seeds = new Seeds();

    @Option(
            names = "--mean",
            description =
                    "with --seeds: save one head that is the mean of the heads of all seeds, and"
                            + " print the results of each")
    private boolean mean;

    @Mixin private final Folds folds = new Folds();
    @Mixin private final Auditing auditing = new Auditing();
    @Mixin private final Reporting reporting = new Reporting();

    @Override
    int run() {
        DecisionPolicy policy = decisions.policy(this, recipe.rule(this));
        FineTuneConfig config =
                mean ? recipe.config(this).withMeanOf(seeds.get(this)) : recipe.config(this);
        if (mean && seeds.get(this) == 1) {
            throw usage("--mean needs --seeds of at least 2");
        }
        splitting.check(this);
        seeds.get(this);
        folds.check(this);
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
                    requireTest(split);
                    try (ConsoleProgress progress = progress()) {
                        RunOptions options =
                                precision.apply(
                                        splitting.applyTo(
                                                RunOptions.defaults()
                                                        .withListener(progress)
                                                        .withWork(work)));
                        run(split, config, policy, options);
                        return ExitCode.OK;
                    }
                });
    }

    private void requireTest(DatasetSplit split) {
        if (!split.test().isEmpty()) {
            return;
        }
        Optional<String> needed =
                seeds.get(this) > 1 && !mean
                        ? Optional.of("--seeds")
                        : reporting.isRequested() ? Optional.of("--report") : Optional.empty();
        if (needed.isPresent()) {
            throw new IllegalArgumentException(
                    "%s needs test images and %s has no test part; mark one, or leave %1$s out"
                            .formatted(needed.get(), data));
        }
    }

    private FineTuned fineTune(FittingData images, FineTuneConfig config, RunOptions options) {
        return CovidClassifier.fineTune(start.load(this), images, config, options);
    }

    /** The folds keep images with equal pixels together, now that all are decoded. */
    private Optional<CrossValidation> crossValidation(
            DatasetSplit split, FineTuneConfig config, DecisionPolicy policy, RunOptions options) {
        List<List<LabelledImage>> parts = folds.of(this, split);
        if (parts.isEmpty()) {
            return Optional.empty();
        }
        CrossValidation result =
                CrossValidation.run(
                        parts,
                        split.labels(),
                        splitting.splitter(this),
                        policy,
                        images -> fineTune(images, config, options));
        print("%n%s", result.toText().stripTrailing());
        return Optional.of(result);
    }

    /** Chooses a threshold, saves and reports. */
    private void run(
            DatasetSplit split, FineTuneConfig config, DecisionPolicy policy, RunOptions options) {
        folds.of(this, split); // fails before the long work
        try (FineTuned trained = fineTune(split.fitting(), config, options)) {
            detail("engine: %s", trained.classifier().engine().summary());
            PrecisionOption.describe(this, trained);
            if (split.test().isEmpty()) {
                Decisions chosen = policy.choose(trained.outOfFoldScores());
                Splitting.remarkEqualImages(this, split);
                save(trained.classifier(chosen));
                remark("there is no test part, so the classifier is not evaluated");
                audit(trained, split, options)
                        .ifPresent(
                                audit ->
                                        print(
                                                "%nShortcut audit of the %s (%d)%n%s",
                                                audit.part(),
                                                audit.images(),
                                                audit.toText().stripTrailing()));
                crossValidation(split, config, policy, options);
            } else {
                Evaluation tested = Evaluation.of(trained, policy, split.test());
                Evaluation evaluation =
                        audit(trained, split, options).map(tested::withShortcuts).orElse(tested);
                CovidClassifier classifier = trained.classifier(evaluation.decisions());
                Splitting.remarkEqualImages(this, split);
                save(classifier);
                print("%n%s", evaluation.toText().stripTrailing());
                print("%n%s", AnswerResults.of(evaluation).toText().stripTrailing());
                List<Evaluation> others = others(trained, evaluation, split, policy, options);
                Optional<CrossValidation> crossValidation =
                        crossValidation(split, config, policy, options);
                reporting.write(
                        this,
                        data,
                        split,
                        classifier,
                        evaluation,
                        report -> with(report, classifier, others, crossValidation));
            }
        }
    }

    private List<Evaluation> others(
            FineTuned trained,
            Evaluation evaluation,
            DatasetSplit split,
            DecisionPolicy policy,
            RunOptions options) {
        Function<FineTuned, Evaluation> evaluating =
                run -> Evaluation.of(run, policy, split.test());
        return mean
                ? Seeds.members(this, trained, evaluating)
                : seeds.further(
                        this,
                        evaluation,
                        seeded -> fineTune(split.fitting(), seeded, options),
                        evaluating);
    }

    private static Report with(
            Report report,
            CovidClassifier classifier,
            List<Evaluation> others,
            Optional<CrossValidation> crossValidation) {
        Report all = report;
        if (!others.isEmpty()) {
            all = all.withSeeds(classifier.spec().architecture(), others);
        }
        if (crossValidation.isPresent()) {
            all = all.withCrossValidation(crossValidation.get());
        }
        return all;
    }

    private Optional<ShortcutAudit.Result> audit(
            FineTuned trained, DatasetSplit split, RunOptions options) {
        return auditing.fitted(
                this, trained.classifier(), split.fitting(), () -> start.load(this), options);
    }

    private void save(CovidClassifier classifier) {
        write(output, classifier::save);
        print("classifier saved to %s", output);
        if (classifier.inputCheck().isEmpty()) {
            remark("%s: too few images or patients", NO_INPUT_CHECK);
        }
    }
}
