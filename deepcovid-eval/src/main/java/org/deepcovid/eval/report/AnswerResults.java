package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.LabelSets;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.Label;
import org.deepcovid.eval.metrics.BinaryRates;
import org.deepcovid.eval.metrics.ConfusionMatrix;
import org.deepcovid.eval.metrics.Proportion;
import org.deepcovid.eval.metrics.RiskCoverage;
import org.deepcovid.eval.metrics.ScoredLabels;

/**
 * How far sets of labels and reviews keep on the test images what they promise.
 *
 * @param confidence of the sets
 * @param coverage of the sets, for each label, and for each label of a source; empty if the
 *     classifier forms none
 * @param reviews at the review range; empty if the threshold has none
 * @param risk of the calls at the threshold, without the least certain ones
 */
public record AnswerResults(
        double confidence, List<Coverage> coverage, Optional<Reviews> reviews, RiskCoverage risk) {

    private static final double[] ANSWERED = {1, 0.95, 0.9, 0.8, 0.5};

    /**
     * Sets of labels of a group of images.
     *
     * @param group as in {@code covid} or {@code covid of Hannover}
     * @param held sets that hold the true label
     * @param single sets of one label
     * @param empty sets of none
     */
    public record Coverage(String group, Proportion held, int single, int empty) {}

    /**
     * Images for review, and the calls of the others.
     *
     * @param positives share of the positive images that are for review; empty without any
     * @param negatives share of the others
     * @param answered rates of the images that are not for review; empty if all are
     */
    public record Reviews(
            Optional<Proportion> positives,
            Optional<Proportion> negatives,
            Optional<BinaryRates> answered) {

        /** Share of all images. */
        public Proportion all() {
            int reviewed = positives.map(Proportion::successes).orElse(0);
            int images = positives.map(Proportion::total).orElse(0);
            return Proportion.of(
                    reviewed + negatives.map(Proportion::successes).orElse(0),
                    images + negatives.map(Proportion::total).orElse(0));
        }
    }

    public AnswerResults {
        coverage = List.copyOf(coverage);
    }

    /**
     * Computes the results.
     *
     * @param evaluation with the confidence of the sets
     */
    public static AnswerResults of(Evaluation evaluation) {
        DecisionThreshold threshold = evaluation.threshold();
        ScoredLabels scores = evaluation.scores();
        return new AnswerResults(
                evaluation.confidence(),
                evaluation
                        .decisions()
                        .labelSets()
                        .map(sets -> coverage(evaluation, sets))
                        .orElse(List.of()),
                threshold.review().map(range -> reviews(scores, threshold)),
                RiskCoverage.of(scores, threshold.value()));
    }

    private static List<Coverage> coverage(Evaluation evaluation, LabelSets sets) {
        List<ScoredImage> images = evaluation.testScores();
        List<List<Label>> found =
                images.stream()
                        .map(image -> sets.of(image.probabilities(), evaluation.confidence()))
                        .toList();
        List<Coverage> all = new ArrayList<>();
        List<Label> labels = evaluation.labels().positiveFirst();
        for (Label label : labels) {
            add(all, label.name(), images, found, row -> hasTruth(images, row, label));
        }
        List<String> sources = Subgroups.values(evaluation.testImages(), Subgroups.SOURCE);
        for (String source : new TreeSet<>(sources)) {
            for (Label label : labels) {
                if (!source.equals(Subgroups.UNKNOWN)) {
                    add(
                            all,
                            label + " of " + source,
                            images,
                            found,
                            row -> hasTruth(images, row, label) && sources.get(row).equals(source));
                }
            }
        }
        return all;
    }

    private static boolean hasTruth(List<ScoredImage> images, int row, Label label) {
        return images.get(row).truth().equals(label);
    }

    private static void add(
            List<Coverage> all,
            String group,
            List<ScoredImage> images,
            List<List<Label>> found,
            IntPredicate wanted) {
        List<Integer> rows = IntStream.range(0, images.size()).filter(wanted).boxed().toList();
        if (!rows.isEmpty()) {
            all.add(
                    new Coverage(
                            group,
                            Proportion.of(
                                    (int)
                                            rows.stream()
                                                    .filter(
                                                            row ->
                                                                    found.get(row)
                                                                            .contains(
                                                                                    images.get(row)
                                                                                            .truth()))
                                                    .count(),
                                    rows.size()),
                            (int) rows.stream().filter(row -> found.get(row).size() == 1).count(),
                            (int) rows.stream().filter(row -> found.get(row).isEmpty()).count()));
        }
    }

    private static Reviews reviews(ScoredLabels scores, DecisionThreshold threshold) {
        IntPredicate reviewed = row -> threshold.needsReview(scores.score(row));
        return new Reviews(
                share(scores, scores::isPositive, reviewed),
                share(scores, row -> !scores.isPositive(row), reviewed),
                scores.where(reviewed.negate())
                        .map(rest -> BinaryRates.of(ConfusionMatrix.at(rest, threshold.value()))));
    }

    private static Optional<Proportion> share(
            ScoredLabels scores, IntPredicate of, IntPredicate wanted) {
        int total = (int) IntStream.range(0, scores.size()).filter(of).count();
        int found = (int) IntStream.range(0, scores.size()).filter(of.and(wanted)).count();
        return total == 0 ? Optional.empty() : Optional.of(Proportion.of(found, total));
    }

    /** Rows of the table of sets, the header first; empty without sets. */
    List<List<String>> coverageTable() {
        if (coverage.isEmpty()) {
            return List.of();
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                List.of(
                        "sets of labels at a confidence of " + confidence,
                        "hold the true label",
                        "of one label",
                        "empty"));
        for (Coverage group : coverage) {
            rows.add(
                    List.of(
                            group.group(),
                            Format.rate(group.held()),
                            String.valueOf(group.single()),
                            String.valueOf(group.empty())));
        }
        return rows;
    }

    /** Rows of the table of calls without the least certain ones, the header first. */
    List<List<String>> riskTable() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("most certain images", "called", "called wrongly"));
        for (double share : ANSWERED) {
            RiskCoverage.Point point = risk.at(share);
            rows.add(
                    List.of(
                            String.format(Locale.ROOT, "%.0f %%", 100 * share),
                            String.valueOf(point.answered()),
                            Format.rate(Proportion.of(point.errors(), point.answered()))));
        }
        return rows;
    }

    /** What is for review, and what the area says. */
    List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        reviews.ifPresent(
                r ->
                        sentences.add(
                                ("For review: %s; of the positive images %s, of the others %s. The"
                                     + " images that are called have a sensitivity of %s and a"
                                     + " specificity of %s.")
                                        .formatted(
                                                Format.rate(r.all()),
                                                Format.rate(r.positives()),
                                                Format.rate(r.negatives()),
                                                Format.rate(
                                                        r.answered()
                                                                .flatMap(BinaryRates::sensitivity)),
                                                Format.rate(
                                                        r.answered()
                                                                .flatMap(
                                                                        BinaryRates
                                                                                ::specificity)))));
        sentences.add(
                "Area under the risk-coverage curve %s, 0 at best; the share of wrong calls is %s."
                        .formatted(Format.number(risk.area()), Format.number(risk.at(1).risk())));
        return sentences;
    }

    /** The results as lines of text, each ended. */
    public String toText() {
        StringBuilder text = new StringBuilder();
        for (List<String> row : coverageTable()) {
            text.append("%-40s %-31s %-12s %s".formatted(row.toArray()).stripTrailing())
                    .append('\n');
        }
        sentences().forEach(sentence -> text.append(sentence).append('\n'));
        return text.toString();
    }
}
