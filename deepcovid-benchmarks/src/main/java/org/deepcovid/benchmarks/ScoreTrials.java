package org.deepcovid.benchmarks;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.Decisions;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.io.WorkStore;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.core.training.RunOptions;
import org.deepcovid.eval.decision.CalibrationChoice;
import org.deepcovid.eval.decision.DecisionPolicy;
import org.deepcovid.eval.decision.ReviewRule;
import org.deepcovid.eval.metrics.BinaryRates;
import org.deepcovid.eval.metrics.Bootstrap;
import org.deepcovid.eval.metrics.ConfidenceInterval;
import org.deepcovid.eval.metrics.Proportion;
import org.deepcovid.eval.metrics.ThresholdRule;
import org.deepcovid.eval.metrics.calibration.CalibrationLine;
import org.deepcovid.eval.report.AnswerResults;
import org.deepcovid.eval.report.Evaluation;
import org.deepcovid.eval.report.LearningCurve;
import org.deepcovid.eval.report.Recalibrated;
import org.deepcovid.models.Backbones;

/**
 * Calibration, sets of labels, reviews and recalibration on test images of the fitted sources and
 * on images from elsewhere, as lines of CSV. Run as {@code ScoreTrials CXR-1K MANIFEST WEIGHTS
 * WORK-FOLDER}; see {@code docs/scores.md}. Nothing is chosen on the test images, and nothing but
 * what recalibration chooses on images from elsewhere.
 */
public final class ScoreTrials {

    private static final int SEEDS = 3;
    private static final double[] CONFIDENCES = {0.8, 0.9, 0.95};

    private final PrintStream out;
    private final String network;
    private final long seed;

    private ScoreTrials(PrintStream out, String network, long seed) {
        this.out = out;
        this.network = network;
        this.seed = seed;
    }

    /** Prints the CSV. */
    public static void main(String[] args) {
        DatasetSplit split = PatientSplitter.seeded(1).split(XrayDataset.read(Path.of(args[0])));
        List<LabelledImage> elsewhere = XrayDataset.read(Path.of(args[1])).images();
        header(System.out);
        for (String name : List.of("squeezenet", "resnet50")) {
            Path weights = WeightsFolder.find(Path.of(args[2]), name);
            try (WorkStore work = WorkStore.in(Path.of(args[3]).resolve(name))) {
                RunOptions options = RunOptions.defaults().withWork(work);
                for (long seed = 1; seed <= SEEDS; seed++) {
                    FineTuneConfig config = FineTuneConfig.defaults().withSeed(seed);
                    try (FineTuned run =
                            CovidClassifier.fineTune(
                                    Backbones.load(name, weights),
                                    split.fitting(),
                                    config,
                                    options)) {
                        run(System.out, name, run, split, elsewhere);
                    }
                }
            }
        }
    }

    static void header(PrintStream out) {
        out.println("network,seed,images,calibration,measure,value,lower,upper");
    }

    static void run(
            PrintStream out,
            String network,
            FineTuned run,
            DatasetSplit split,
            List<LabelledImage> elsewhere) {
        long seed = run.classifier().provenance().config().seed();
        new ScoreTrials(out, network, seed).measure(run, split, elsewhere);
    }

    private static DecisionPolicy policy(CalibrationChoice calibration) {
        return DecisionPolicy.of(ThresholdRule.sensitivityAtLeast(0.95))
                .withCalibration(calibration)
                .withReview(ReviewRule.reaching(0.98, 0.98));
    }

    private void measure(FineTuned run, DatasetSplit split, List<LabelledImage> elsewhere) {
        List<LabelledImage> fitting = new ArrayList<>(split.validation());
        fitting.addAll(split.training());
        List<ScoredImage> outOfFold = run.outOfFoldScores().all();
        List<ScoredImage> test = run.classifier().score(split.test());
        List<ScoredImage> other = run.classifier().score(elsewhere);
        for (CalibrationChoice calibration : CalibrationChoice.values()) {
            String name = calibration.toString();
            DecisionPolicy policy = policy(calibration);
            outcome(
                    "fitting, out of fold",
                    name,
                    () -> Recalibrated.crossValidated(outOfFold, fitting, policy, seed));
            Supplier<Decisions> decisions = () -> policy.choose(run.outOfFoldScores());
            outcome("test", name, () -> outcome(decisions.get(), test, split.test()));
            outcome("elsewhere", name, () -> outcome(decisions.get(), other, elsewhere));
        }
        Decisions decisions = policy(CalibrationChoice.NONE).choose(run.outOfFoldScores());
        answers("test", evaluation(run, decisions, split.test(), test));
        answers("elsewhere", evaluation(run, decisions, elsewhere, other));
        for (CalibrationChoice calibration : CalibrationChoice.values()) {
            recalibrate("recalibrated " + calibration, decisions, other, elsewhere, calibration);
        }
    }

    private void recalibrate(
            String name,
            Decisions before,
            List<ScoredImage> raw,
            List<LabelledImage> elsewhere,
            CalibrationChoice calibration) {
        try {
            Recalibrated again =
                    Recalibrated.onScores(before, raw, elsewhere, policy(calibration), seed);
            estimate("elsewhere", name, "area under the ROC curve", again.area());
            outcome("elsewhere", name, () -> again.after());
            again.curve().forEach(step -> step(name, step));
        } catch (IllegalStateException e) { // no skill there, so that nothing can be fitted
            line("elsewhere", name, "refused", 1, Optional.empty());
        }
    }

    private static Recalibrated.Outcome outcome(
            Decisions decisions, List<ScoredImage> raw, List<LabelledImage> images) {
        List<ScoredImage> shown = raw.stream().map(decisions::applyTo).toList();
        return Recalibrated.Outcome.of(
                shown,
                shown.stream()
                        .map(ScoredImage::positiveProbability)
                        .map(decisions.threshold().orElseThrow()::isReachedBy)
                        .toList(),
                images);
    }

    private static Evaluation evaluation(
            FineTuned run,
            Decisions decisions,
            List<LabelledImage> images,
            List<ScoredImage> scores) {
        return new Evaluation(
                run.classifier().spec(),
                run.classifier().provenance(),
                decisions,
                images,
                scores,
                List.of());
    }

    /** Where nothing can be fitted, a line says so. */
    private void outcome(
            String images, String calibration, Supplier<Recalibrated.Outcome> measured) {
        Recalibrated.Outcome outcome;
        try {
            outcome = measured.get();
        } catch (IllegalStateException e) {
            line(images, calibration, "refused", 1, Optional.empty());
            return;
        }
        coefficient(images, calibration, "slope", outcome.line().map(CalibrationLine::slope));
        coefficient(
                images,
                calibration,
                "intercept",
                outcome.line().map(CalibrationLine::calibrationInTheLarge));
        estimate(images, calibration, "calibration error", outcome.expectedError());
        estimate(images, calibration, "Brier score", outcome.brier());
        rates(images, calibration, "", outcome.rates());
    }

    private void coefficient(
            String images,
            String calibration,
            String measure,
            Optional<CalibrationLine.Coefficient> found) {
        found.ifPresent(
                c -> line(images, calibration, measure, c.estimate(), Optional.of(c.interval())));
    }

    private void estimate(
            String images, String calibration, String measure, Optional<Bootstrap.Estimate> found) {
        found.ifPresent(e -> line(images, calibration, measure, e.value(), e.interval()));
    }

    private void rates(String images, String calibration, String suffix, BinaryRates rates) {
        share(images, calibration, "sensitivity" + suffix, rates.sensitivity());
        share(images, calibration, "specificity" + suffix, rates.specificity());
    }

    private void share(
            String images, String calibration, String measure, Optional<Proportion> share) {
        share.ifPresent(
                p -> line(images, calibration, measure, p.estimate(), Optional.of(p.interval())));
    }

    private void answers(String images, Evaluation evaluation) {
        for (double confidence : CONFIDENCES) {
            for (AnswerResults.Coverage group :
                    AnswerResults.of(evaluation.withConfidence(confidence)).coverage()) {
                String of = " at %s of %s".formatted(confidence, group.group());
                share(images, "none", "coverage" + of, Optional.of(group.held()));
                double all = group.held().total();
                line(images, "none", "single" + of, group.single() / all, Optional.empty());
                line(images, "none", "empty" + of, group.empty() / all, Optional.empty());
            }
        }
        AnswerResults results = AnswerResults.of(evaluation);
        AnswerResults.Reviews reviews = results.reviews().orElseThrow();
        share(images, "none", "review", Optional.of(reviews.all()));
        share(images, "none", "review of positives", reviews.positives());
        share(images, "none", "review of others", reviews.negatives());
        reviews.answered().ifPresent(r -> rates(images, "none", " outside the review range", r));
        line(
                images,
                "none",
                "area under the risk-coverage curve",
                results.risk().area(),
                Optional.empty());
        line(images, "none", "wrong calls", results.risk().at(1).risk(), Optional.empty());
    }

    /** The interval holds 5 to 95 % of the draws. */
    private void step(String calibration, LearningCurve.Step step) {
        String of = " with %d images".formatted(step.images());
        line("elsewhere", calibration, "draws" + of, step.draws(), Optional.empty());
        line("elsewhere", calibration, "log loss" + of, step.logLoss(), Optional.empty());
        line("elsewhere", calibration, "lower log loss" + of, step.improved(), Optional.empty());
        quantiles(calibration, "sensitivity" + of, step.sensitivity());
        quantiles(calibration, "specificity" + of, step.specificity());
    }

    private void quantiles(String calibration, String measure, List<Double> values) {
        if (!values.isEmpty()) {
            line(
                    "elsewhere",
                    calibration,
                    measure,
                    values.get(1),
                    Optional.of(new ConfidenceInterval(values.get(0), values.get(2), 0.9)));
        }
    }

    private void line(
            String images,
            String calibration,
            String measure,
            double value,
            Optional<ConfidenceInterval> interval) {
        out.printf(
                Locale.ROOT,
                "%s,%d,\"%s\",%s,%s,%.4f,%s%n",
                network,
                seed,
                images,
                calibration,
                measure,
                value,
                interval.map(i -> String.format(Locale.ROOT, "%.4f,%.4f", i.lower(), i.upper()))
                        .orElse(","));
    }
}
