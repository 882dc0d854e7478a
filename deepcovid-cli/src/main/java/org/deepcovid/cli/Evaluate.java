package org.deepcovid.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.training.OutOfFoldScores;
import org.deepcovid.eval.report.AnswerResults;
import org.deepcovid.eval.report.Evaluation;
import org.deepcovid.eval.report.Report;
import org.deepcovid.eval.report.StressTest;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Evaluates a saved classifier. */
@Command(
        name = "evaluate",
        header = "Evaluates a saved classifier on labelled radiographs.",
        description = "Images that the classifier was fitted on are refused.",
        footer = {
            "",
            "Examples:",
            "  deepcovid evaluate my.deepcovid radiographs/",
            "  deepcovid evaluate my.deepcovid other-hospital.csv --part all --report report",
            "  deepcovid evaluate my.deepcovid radiographs/ --sensitivity 0.95",
            "  deepcovid evaluate my.deepcovid radiographs/ --stress --report report"
        })
final class Evaluate extends ResumableSubcommand {

    @Mixin final ImageLimit imageLimit = new ImageLimit();

    @Parameters(index = "0", paramLabel = "CLASSIFIER", description = CLASSIFIER)
    private Path classifierFile;

    @Parameters(index = "1", paramLabel = "DATA", description = DATA)
    private Path data;

    @Mixin private final TestPart part = new TestPart();
    @Mixin private final DataOptions labels = new DataOptions();

    /** A threshold other than the classifier's own. */
    static final class Threshold extends ThresholdOption {
        @Option(
                names = "--sensitivity",
                paramLabel = "SHARE",
                description =
                        "choose a threshold that reaches this sensitivity on DATA's validation"
                                + " images")
        private Double sensitivity;
    }

    @ArgGroup(exclusive = true)
    private Threshold threshold = new Threshold();

    @Option(
            names = "--stress",
            description =
                    "also evaluate altered copies of the images: with a border, cropped, darker,"
                            + " compressed and others; about 12 times as long")
    private boolean stress;

    @Mixin private final ConfidenceOption confidence = new ConfidenceOption();
    @Mixin private final Auditing auditing = new Auditing();
    @Mixin private final Reporting reporting = new Reporting();

    @Override
    int run() {
        reporting.check(this);
        try (CovidClassifier loaded = load(classifierFile, List.of(data.toString()))) {
            CovidClassifier classifier = threshold.applyTo(loaded, this);
            if (classifier.threshold().isEmpty() && threshold.sensitivity == null) {
                throw new IllegalArgumentException(
                        "%s has no threshold; give one with --threshold, or have one chosen with --sensitivity"
                                .formatted(classifierFile));
            }
            DatasetSplit split =
                    part.of(
                            Splitting.dataset(
                                    this, data, labels.options(this, classifier.labels())));
            if (threshold.sensitivity != null && split.validation().isEmpty()) {
                throw usage(
                        "--sensitivity needs validation images, and %s has none beside the"
                                + " evaluated part; mark some (deepcovid prepare), or use"
                                + " --threshold",
                        data);
            }
            List<StressTest> stressed = new ArrayList<>();
            double sets = confidence.get(this, classifier).orElse(Evaluation.DEFAULT_CONFIDENCE);
            Evaluation evaluation =
                    auditing.tested(
                            this,
                            classifier,
                            scoring(
                                            classifierFile,
                                            classifier,
                                            scorer -> {
                                                Evaluation result = evaluate(scorer, split);
                                                if (stress) {
                                                    stressed.add(StressTest.of(scorer, result));
                                                }
                                                return result;
                                            })
                                    .withConfidence(sets));
            print("%s", evaluation.toText().stripTrailing());
            print("%n%s", AnswerResults.of(evaluation).toText().stripTrailing());
            stressed.forEach(test -> print("%n%s", test.toText().stripTrailing()));
            reporting.write(
                    this,
                    data,
                    split,
                    classifier,
                    evaluation,
                    report -> stressed.stream().reduce(report, Report::withStress, (a, b) -> b));
        }
        return ExitCode.OK;
    }

    private Evaluation evaluate(CovidClassifier classifier, DatasetSplit split) {
        if (threshold.sensitivity == null) {
            return Evaluation.of(classifier, split.test());
        }
        List<ScoredImage> validation = classifier.score(split.validation());
        DecisionThreshold chosen =
                Sensitivity.rule(this, threshold.sensitivity)
                        .choose(validation, OutOfFoldScores.describeValidation(validation));
        return Evaluation.of(classifier.withThreshold(chosen), split.test())
                .withThresholdScores(validation);
    }
}
