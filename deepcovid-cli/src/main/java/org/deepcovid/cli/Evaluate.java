package org.deepcovid.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.ImageFlags;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.io.OwnOutputs;
import org.deepcovid.core.training.OutOfFoldScores;
import org.deepcovid.eval.report.Evaluation;
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
            "  deepcovid evaluate my.deepcovid radiographs/ --sensitivity 0.95"
        })
final class Evaluate extends OutputSubcommand {

    @Parameters(index = "0", paramLabel = "CLASSIFIER", description = "file of a saved classifier")
    private Path classifierFile;

    @Parameters(index = "1", paramLabel = "DATA", description = "folder or CSV manifest")
    private Path data;

    @Mixin private final TestPart part = new TestPart();
    @Mixin private final LabelOptions labels = new LabelOptions();

    /** A threshold other than the classifier's own. */
    static final class Threshold {
        @Option(
                names = "--threshold",
                paramLabel = "SCORE",
                description = "lowest score called positive (default: the classifier's threshold)")
        private Double fixed;

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

    @Mixin private final Reporting reporting = new Reporting();

    @SuppressWarnings("UnusedVariable") // declares --resume
    @Mixin
    private final UnfinishedWork unfinished = new UnfinishedWork();

    @Override
    public Integer call() throws IOException {
        if (threshold.fixed != null && !Double.isFinite(threshold.fixed)) {
            throw usage("--threshold is %s; expected a number such as 0.5", threshold.fixed);
        }
        OwnOutputs outputs = UnfinishedWork.outputs(this);
        reporting.check(this, outputs);
        try (CovidClassifier loaded = CovidClassifier.load(classifierFile)) {
            CovidClassifier classifier = withThreshold(loaded);
            DatasetSplit split =
                    part.of(XrayDataset.read(data, labels.options(this, classifier.labels())));
            ImageFlags.describe(split.test()).forEach(text -> remark("%s", text));
            if (threshold.sensitivity != null && split.validation().isEmpty()) {
                throw usage(
                        "--sensitivity needs validation images, and %s has none beside the"
                                + " evaluated part; mark some (deepcovid prepare), or use"
                                + " --threshold",
                        data);
            }
            Evaluation evaluation =
                    UnfinishedWork.scoring(
                            this,
                            classifierFile,
                            classifier,
                            scorer -> evaluate(classifier, split, scorer::score));
            print("%s", evaluation.toText().stripTrailing());
            reporting.write(this, outputs, data, split, classifier, evaluation);
        }
        outputs.finish();
        return ExitCode.OK;
    }

    private Evaluation evaluate(
            CovidClassifier classifier, DatasetSplit split, Evaluation.Scorer scorer) {
        if (threshold.sensitivity == null) {
            return Evaluation.of(classifier, split.test(), scorer);
        }
        List<ScoredImage> validation = scorer.score(split.validation());
        DecisionThreshold chosen =
                Recipe.rule(this, threshold.sensitivity)
                        .choose(validation, OutOfFoldScores.describeValidation(validation));
        return Evaluation.of(classifier.withThreshold(chosen), split.test(), scorer)
                .withThresholdScores(validation);
    }

    private CovidClassifier withThreshold(CovidClassifier classifier) {
        if (threshold.fixed != null) {
            return classifier.withThreshold(
                    new DecisionThreshold(
                            threshold.fixed, "given on the command line", "no images"));
        }
        if (classifier.threshold().isEmpty() && threshold.sensitivity == null) {
            throw new IllegalArgumentException(
                    "%s has no threshold; give one with --threshold, or have one chosen with --sensitivity"
                            .formatted(classifierFile));
        }
        return classifier;
    }
}
