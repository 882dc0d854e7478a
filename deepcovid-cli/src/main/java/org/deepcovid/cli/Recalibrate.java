package org.deepcovid.cli;

import java.nio.file.Path;
import java.util.List;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.eval.decision.CalibrationChoice;
import org.deepcovid.eval.decision.DecisionPolicy;
import org.deepcovid.eval.report.Recalibrated;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Chooses calibration and threshold again. */
@Command(
        name = "recalibrate",
        header = "Chooses a classifier's calibration and threshold again, for another source.",
        description =
                "DATA is a small labelled sample of the source; evaluate refuses to test on it."
                        + " The network and its head stay as they are.",
        footer = {
            "",
            "Examples:",
            "  deepcovid recalibrate my.deepcovid sample.csv -o there.deepcovid",
            "  deepcovid evaluate there.deepcovid others.csv --report report"
        })
final class Recalibrate extends ResumableSubcommand {

    @Mixin final ImageLimit imageLimit = new ImageLimit();

    @Parameters(index = "0", paramLabel = "CLASSIFIER", description = CLASSIFIER)
    private Path classifierFile;

    @Parameters(index = "1", paramLabel = "DATA", description = DATA)
    private Path data;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE",
            description = "classifier to write, usually named *.deepcovid")
    private Path output;

    @Mixin private final TestPart part = new TestPart(TestPart.Part.ALL);
    @Mixin private final DataOptions labels = new DataOptions();
    @Mixin private final RuleOptions rule = new RuleOptions();

    @Mixin private final DecisionOptions decisions = new DecisionOptions(CalibrationChoice.PLATT);

    @Override
    int run() {
        DecisionPolicy policy = decisions.policy(this, rule.rule(this));
        CovidClassifier.checkWritable(output, ifExists(output));
        try (CovidClassifier classifier = load(classifierFile, List.of(data.toString()))) {
            List<LabelledImage> sample =
                    part.of(
                                    Splitting.dataset(
                                            this, data, labels.options(this, classifier.labels())))
                            .test();
            Recalibrated result =
                    scoring(
                            classifierFile,
                            classifier,
                            scorer -> Recalibrated.of(scorer, sample, policy, seed()));
            write(output, classifier.with(result.decisions())::save);
            print("%s", result.toText().stripTrailing());
            print("classifier saved to %s", output);
            remark("scores are %s", result.decisions().describeScores());
            remark("test it on other images of that source: evaluate refuses these");
            remark("%s", NOTICE);
        }
        return ExitCode.OK;
    }
}
