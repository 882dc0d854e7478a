package org.deepcovid.eval.report;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.Decisions;
import org.deepcovid.core.Recalibration;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.PatientFolds;
import org.deepcovid.eval.decision.CalibrationChoice;
import org.deepcovid.eval.decision.DecisionPolicy;
import org.deepcovid.eval.metrics.BinaryRates;
import org.deepcovid.eval.metrics.Bootstrap;
import org.deepcovid.eval.metrics.Clusters;
import org.deepcovid.eval.metrics.ConfusionMatrix;
import org.deepcovid.eval.metrics.Metric;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.calibration.BrierScore;
import org.deepcovid.eval.metrics.calibration.CalibrationLine;
import org.deepcovid.eval.metrics.calibration.ReliabilityDiagram;

/**
 * A classifier's calibration and threshold, chosen again on a labelled sample of another source.
 * The network and its head stay. What was replaced, and which images the sample held, is
 * remembered, so that {@link Evaluation} refuses to test on them.
 *
 * @param decisions chosen on the whole sample; use them by {@link CovidClassifier#with(Decisions)}
 * @param area under the ROC curve on the sample, with an interval from resampled patients; no
 *     calibration or threshold changes it
 * @param before the sample with the classifier as it was; empty without a threshold
 * @param after the sample by cross-validation: each fold with what was chosen on the others
 * @param folds by patient
 * @param curve what samples of fewer images would have achieved on the others, the fewest first
 * @param calibration what was chosen
 */
public record Recalibrated(
        Decisions decisions,
        Optional<Bootstrap.Estimate> area,
        Optional<Outcome> before,
        Outcome after,
        int folds,
        List<LearningCurve.Step> curve,
        CalibrationChoice calibration) {

    private static final int FOLDS = 10;
    private static final int BINS = 10;
    private static final Bootstrap BOOTSTRAP = Bootstrap.seeded(1);

    /**
     * Results on the sample.
     *
     * @param rates at the threshold, with 95 % Wilson intervals
     * @param brier score, with an interval from resampled patients
     * @param expectedError calibration error in 10 bins of equally many images, with an interval
     *     from resampled patients
     * @param line empty where the scores separate the classes
     */
    public record Outcome(
            BinaryRates rates,
            Optional<Bootstrap.Estimate> brier,
            Optional<Bootstrap.Estimate> expectedError,
            Optional<CalibrationLine> line) {

        public Outcome {
            requireNonNull(rates, "rates is null");
            requireNonNull(brier, "brier is null");
            requireNonNull(expectedError, "expectedError is null");
            requireNonNull(line, "line is null");
        }

        /**
         * Computes the results.
         *
         * @param scores as shown, of both classes
         * @param called which of them are called positive
         * @param images the same images
         */
        public static Outcome of(
                List<ScoredImage> scores, List<Boolean> called, List<LabelledImage> images) {
            ScoredLabels labels = ScoredLabels.of(scores);
            Clusters patients = patients(images);
            return new Outcome(
                    BinaryRates.of(counts(labels, called)),
                    BOOTSTRAP.estimate(
                            cases -> OptionalDouble.of(BrierScore.score(cases)), labels, patients),
                    BOOTSTRAP.estimate(
                            cases -> OptionalDouble.of(expectedError(cases)), labels, patients),
                    CalibrationLine.fit(labels));
        }

        static double expectedError(ScoredLabels cases) {
            return ReliabilityDiagram.of(cases, ReliabilityDiagram.Binning.EQUAL_MASS, BINS)
                    .expectedCalibrationError();
        }

        private static ConfusionMatrix counts(ScoredLabels labels, List<Boolean> called) {
            int[] counts = new int[4]; // true and false positives, true and false negatives
            for (int row = 0; row < labels.size(); row++) {
                boolean positive = labels.isPositive(row);
                counts[called.get(row) ? (positive ? 0 : 1) : (positive ? 3 : 2)]++;
            }
            return new ConfusionMatrix(counts[0], counts[1], counts[2], counts[3]);
        }
    }

    public Recalibrated {
        requireNonNull(decisions, "decisions is null");
        requireNonNull(area, "area is null");
        requireNonNull(before, "before is null");
        requireNonNull(after, "after is null");
        curve = List.copyOf(curve);
        requireNonNull(calibration, "calibration is null");
    }

    /**
     * Chooses calibration and threshold on a sample.
     *
     * @param classifier whose scores are to be used for another source
     * @param sample labelled images of that source, of at least two patients of each label; the
     *     classifier must not have been fitted or recalibrated on any
     * @param policy how to choose
     * @param seed of the folds and of the learning curve
     * @throws org.deepcovid.core.DatasetException if an image was fitted on, or cannot be read
     * @throws IllegalArgumentException if the sample has too few patients of a label, or a label
     *     that the classifier lacks
     * @throws IllegalStateException if no calibration or threshold can be chosen
     */
    public static Recalibrated of(
            CovidClassifier classifier,
            List<LabelledImage> sample,
            DecisionPolicy policy,
            long seed) {
        Decisions old = classifier.decisions();
        Decisions trainedHead = // still refuses the samples of earlier recalibrations
                new Decisions(
                        Optional.empty(), Optional.empty(), Optional.empty(), old.recalibrations());
        List<ScoredImage> raw = Evaluation.scores(classifier.with(trainedHead), sample);
        Recalibrated chosen = onScores(old, raw, sample, policy, seed);
        return new Recalibrated(
                chosen.decisions()
                        .withRecalibration(
                                old.recalibrations(),
                                Recalibration.of(classifier.labels(), sample, old)),
                chosen.area(),
                chosen.before(),
                chosen.after(),
                chosen.folds(),
                chosen.curve(),
                chosen.calibration());
    }

    /**
     * Chooses on scores, as {@link #of} does on images, without a record of them.
     *
     * @param old decisions of the classifier as it was
     * @param raw scores of the classifier without a calibration, in the order of the images
     */
    public static Recalibrated onScores(
            Decisions old,
            List<ScoredImage> raw,
            List<LabelledImage> sample,
            DecisionPolicy policy,
            long seed) {
        LabelSet labels = raw.get(0).probabilities().labels();
        List<List<LabelledImage>> folds = folds(labels, sample, seed);
        String origin =
                "%d images of a new source, %d of them %s"
                        .formatted(
                                raw.size(),
                                raw.stream().filter(ScoredImage::isPositive).count(),
                                labels.positive());
        return new Recalibrated(
                policy.choose(raw, origin),
                BOOTSTRAP.estimate(Metric.auc(), ScoredLabels.of(raw), patients(sample)),
                old.threshold().map(threshold -> outcome(old, raw, sample)),
                crossValidated(raw, sample, folds, policy),
                folds.size(),
                LearningCurve.of(raw, sample, old, policy, seed),
                policy.calibration());
    }

    private static Outcome outcome(
            Decisions decisions, List<ScoredImage> raw, List<LabelledImage> images) {
        List<ScoredImage> shown = raw.stream().map(decisions::applyTo).toList();
        return Outcome.of(shown, called(decisions, shown), images);
    }

    private static Clusters patients(List<LabelledImage> images) {
        return Clusters.byName(images.stream().map(LabelledImage::patient).toList());
    }

    private static List<Boolean> called(Decisions decisions, List<ScoredImage> shown) {
        return shown.stream()
                .map(
                        image ->
                                decisions
                                        .threshold()
                                        .orElseThrow()
                                        .isReachedBy(image.positiveProbability()))
                .toList();
    }

    /**
     * Results of a policy on images that it does not choose on: each fold with what is chosen on
     * the others.
     *
     * @param raw scores of a classifier without a calibration, which was not fitted to the images
     * @param images in the order of the scores, of at least two patients of each label
     * @param seed of the folds
     */
    public static Outcome crossValidated(
            List<ScoredImage> raw, List<LabelledImage> images, DecisionPolicy policy, long seed) {
        LabelSet labels = raw.get(0).probabilities().labels();
        return crossValidated(raw, images, folds(labels, images, seed), policy);
    }

    private static List<List<LabelledImage>> folds(
            LabelSet labels, List<LabelledImage> sample, long seed) {
        List<List<LabelledImage>> folds = PatientFolds.of(labels, sample, FOLDS, seed);
        if (folds.isEmpty()) {
            throw new IllegalArgumentException(
                    ("the sample of %d images cannot be divided by patient so that each part has"
                                    + " every label; expected at least two patients of each of %s")
                            .formatted(sample.size(), labels.names()));
        }
        return folds;
    }

    private static Outcome crossValidated(
            List<ScoredImage> raw,
            List<LabelledImage> sample,
            List<List<LabelledImage>> folds,
            DecisionPolicy policy) {
        List<ScoredImage> scores = new ArrayList<>();
        List<Boolean> called = new ArrayList<>();
        List<LabelledImage> images = new ArrayList<>();
        for (List<LabelledImage> fold : folds) {
            List<ScoredImage> others = new ArrayList<>();
            List<ScoredImage> held = new ArrayList<>();
            for (int i = 0; i < raw.size(); i++) {
                (fold.contains(sample.get(i)) ? held : others).add(raw.get(i));
            }
            Decisions decisions = policy.choose(others, "the other folds");
            List<ScoredImage> shown = held.stream().map(decisions::applyTo).toList();
            scores.addAll(shown);
            called.addAll(called(decisions, shown));
            images.addAll(fold);
        }
        return Outcome.of(scores, called, images);
    }

    /**
     * The fewest images, of the sizes of the curve, that are enough: see {@link
     * LearningCurve.Step#isEnough}.
     */
    public OptionalInt enough() {
        return LearningCurve.enough(curve, calibration);
    }

    /**
     * Reasons to be careful.
     *
     * @return the gravest first
     */
    public List<Warning> warnings() {
        List<Warning> warnings = new ArrayList<>();
        if (area.flatMap(Bootstrap.Estimate::interval).map(i -> i.lower() <= 0.5).orElse(true)) {
            warnings.add(
                    new Warning(
                            Warning.Kind.NO_SKILL,
                            ("No evidence that the scores tell the labels apart on this source: the"
                                            + " area under the ROC curve is %s, 0.5 by chance.")
                                    .formatted(Format.estimate(area)),
                            "No calibration or threshold repairs that; fine-tune on images of this"
                                    + " source."));
        }
        if (enough().isEmpty()) {
            warnings.add(
                    new Warning(
                            Warning.Kind.SMALL_SAMPLE,
                            ("Small sample: up to half of these %d images do not give a reliable"
                                            + " choice (%s).")
                                    .formatted(
                                            after.rates().counts().total(),
                                            LearningCurve.criterion(calibration)),
                            "Label more images of this source, or keep the classifier as it was."));
        }
        return warnings;
    }

    /**
     * Before and after, the learning curve, and the warnings, as lines of text.
     *
     * @return several lines, each ended
     */
    public String toText() {
        StringBuilder text = new StringBuilder();
        line(text, "%-34s %-31s %s", "on the sample, 95 % intervals", "before", "after");
        line(text, "%-34s %s", "area under the ROC curve, of both", Format.estimate(area));
        row(text, "sensitivity", o -> Format.share(o.rates().sensitivity()));
        row(text, "specificity", o -> Format.share(o.rates().specificity()));
        row(text, "Brier score", o -> Format.estimate(o.brier()));
        row(text, "expected calibration error", o -> Format.estimate(o.expectedError()));
        row(text, "calibration slope, 1 at best", o -> coefficient(o.line(), true));
        row(text, "calibration intercept, 0 at best", o -> coefficient(o.line(), false));
        line(
                text,
                "After: by cross-validation in %d folds by patient; never the images that were"
                        + " chosen on.",
                folds);
        line(text, "");
        line(
                text,
                "%-8s %-11s %-22s %-18s %-18s",
                "images",
                "log loss",
                "lower than before in",
                "sensitivity",
                "specificity");
        curve.forEach(step -> line(text, "%s", step.toText()));
        line(
                text,
                "Random parts of the sample, the others tested: mean log loss, share of the draws,"
                        + " 5 to 95 %%.");
        line(
                text,
                "%s",
                enough().isPresent()
                        ? "Enough here: %d images (%s)."
                                .formatted(
                                        enough().getAsInt(), LearningCurve.criterion(calibration))
                        : "No number of images up to half of the sample is enough.");
        warnings().forEach(warning -> line(text, "! %s", warning));
        return text.toString();
    }

    private void row(StringBuilder text, String name, Function<Outcome, String> value) {
        line(
                text,
                "%-34s %-31s %s",
                name,
                before.map(value).orElse(Format.NONE),
                value.apply(after));
    }

    private static String coefficient(Optional<CalibrationLine> line, boolean slope) {
        return line.map(l -> slope ? l.slope() : l.calibrationInTheLarge())
                .map(c -> Format.number(c.estimate()) + " " + Format.interval(c.interval()))
                .orElse(Format.NONE);
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }
}
