package org.deepcovid.eval.report;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.eval.metrics.AucEstimate;
import org.deepcovid.eval.metrics.BinaryRates;
import org.deepcovid.eval.metrics.Bootstrap;
import org.deepcovid.eval.metrics.Clusters;
import org.deepcovid.eval.metrics.Metric;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.comparison.SubgroupTable;

/**
 * Results by source of the test images: whether the classifier recognises the positive label within
 * a source, or only tells sources apart.
 *
 * @param sources those that are named, the most frequent first; unmodifiable
 * @param mixed names of the sources that hold the positive label and others; unmodifiable
 * @param within area under the ROC curve over pairs of images of the same source, with an interval
 *     from resampled patients; empty if no source is mixed
 * @param trainingSource how well the score tells negative images of sources that were fitted on
 *     from those of others: an area, 0.5 if not at all; empty unless there are both
 * @param answer what these data say, one or two sentences
 */
public record SourceResults(
        List<Source> sources,
        List<String> mixed,
        Optional<Bootstrap.Estimate> within,
        Optional<Bootstrap.Estimate> trainingSource,
        String answer) {

    private static final int MOST_SHOWN = 20;
    private static final int WIDTH = 100;
    private static final int LONGEST_NAME = 24;

    /**
     * The test images of a source.
     *
     * @param name as in the dataset
     * @param fitted whether the classifier was fitted on images of it; empty if unknown
     * @param rates at the threshold, with 95 % intervals
     * @param auc empty if its images are of one class
     */
    public record Source(
            String name, Optional<Boolean> fitted, BinaryRates rates, Optional<AucEstimate> auc) {

        public Source {
            requireNonNull(name, "name is null");
            requireNonNull(fitted, "fitted is null");
            requireNonNull(rates, "rates is null");
            requireNonNull(auc, "auc is null");
        }

        int images() {
            return rates.counts().total();
        }

        boolean isMixed() {
            return rates.counts().positives() > 0 && rates.counts().negatives() > 0;
        }

        String fittedOn() {
            return fitted.map(yes -> yes ? "yes" : "no").orElse("not known");
        }
    }

    public SourceResults {
        sources = List.copyOf(sources);
        mixed = List.copyOf(mixed);
        requireNonNull(within, "within is null");
        requireNonNull(trainingSource, "trainingSource is null");
        requireNonNull(answer, "answer is null");
    }

    /**
     * Computes the results.
     *
     * @param evaluation of images whose sources are named, or not
     */
    public static SourceResults of(Evaluation evaluation) {
        return of(evaluation, NetworkResults.Resampling.of(evaluation.testImages()));
    }

    static SourceResults of(Evaluation evaluation, NetworkResults.Resampling resampling) {
        List<LabelledImage> test = evaluation.testImages();
        ScoredLabels scores = evaluation.scores();
        List<String> values = Subgroups.values(test, Subgroups.SOURCE);
        List<Source> sources =
                SubgroupTable.of(scores, values, evaluation.threshold().value()).rows().stream()
                        .filter(row -> !row.group().equals(Subgroups.UNKNOWN))
                        .map(
                                row ->
                                        new Source(
                                                row.group(),
                                                fitted(evaluation, row.group()),
                                                row.rates(),
                                                row.auc()))
                        .sorted(Comparator.comparing(source -> -source.images()))
                        .toList();
        List<String> mixed = sources.stream().filter(Source::isMixed).map(Source::name).toList();
        Optional<Bootstrap.Estimate> within = within(scores, test, values, mixed, resampling);
        return new SourceResults(
                sources,
                mixed,
                within,
                trainingSource(evaluation, test, values, resampling),
                answer(evaluation.labels(), sources, mixed, within));
    }

    private static Optional<Boolean> fitted(Evaluation evaluation, String source) {
        return evaluation
                .provenance()
                .groups()
                .flatMap(groups -> groups.wasFitted(Subgroups.SOURCE, source));
    }

    private static Optional<Bootstrap.Estimate> within(
            ScoredLabels scores,
            List<LabelledImage> test,
            List<String> values,
            List<String> mixed,
            NetworkResults.Resampling resampling) {
        List<Integer> rows = rows(test, row -> mixed.contains(values.get(row)));
        return scores.where(row -> mixed.contains(values.get(row)))
                .flatMap(
                        cases ->
                                resampling
                                        .bootstrap()
                                        .withinGroups(
                                                cases,
                                                rows.stream().map(values::get).toList(),
                                                patients(test, rows)));
    }

    private static Optional<Bootstrap.Estimate> trainingSource(
            Evaluation evaluation,
            List<LabelledImage> test,
            List<String> values,
            NetworkResults.Resampling resampling) {
        ScoredLabels scores = evaluation.scores();
        List<Integer> rows =
                rows(
                        test,
                        row ->
                                !scores.isPositive(row)
                                        && fitted(evaluation, values.get(row)).isPresent());
        boolean[] seen = new boolean[rows.size()];
        double[] score = new double[rows.size()];
        for (int i = 0; i < seen.length; i++) {
            seen[i] = fitted(evaluation, values.get(rows.get(i))).orElseThrow();
            score[i] = scores.score(rows.get(i));
        }
        return rows.isEmpty()
                ? Optional.empty()
                : resampling
                        .bootstrap()
                        .estimate(
                                Metric.auc(),
                                ScoredLabels.ofScores(seen, score),
                                patients(test, rows));
    }

    private static List<Integer> rows(List<LabelledImage> test, IntPredicate wanted) {
        return IntStream.range(0, test.size()).filter(wanted).boxed().toList();
    }

    private static Clusters patients(List<LabelledImage> test, List<Integer> rows) {
        return Clusters.byName(rows.stream().map(row -> test.get(row).patient()).toList());
    }

    private static String answer(
            LabelSet labels,
            List<Source> sources,
            List<String> mixed,
            Optional<Bootstrap.Estimate> within) {
        String positive = labels.positive().name();
        String needed =
                "Images of %s and others from the same hospital, scanner and projection, of similar patients, would tell."
                        .formatted(positive);
        if (sources.isEmpty()) {
            return "The dataset names no sources (column source), so it cannot be tested whether"
                    + " the classifier recognises "
                    + positive
                    + " or the source of an image. "
                    + needed;
        }
        if (mixed.isEmpty()) {
            return "No source holds both %s and other images: these data cannot tell whether the"
                            .formatted(positive)
                    + " classifier recognises "
                    + positive
                    + " or the source of an image. "
                    + needed;
        }
        return "Within the sources that hold both (%s), the area under the ROC curve is %s: %s."
                .formatted(
                        String.join(", ", mixed),
                        Format.estimate(within),
                        within.filter(SourceResults::betterThanChance).isPresent()
                                ? "better than chance there"
                                : "no evidence that the classifier recognises " + positive);
    }

    static boolean betterThanChance(Bootstrap.Estimate area) {
        return area.interval().map(interval -> interval.lower() > 0.5).orElse(false);
    }

    /** The results as lines of text, each ended. */
    public String toText() {
        StringBuilder text = new StringBuilder();
        List<List<String>> rows = table();
        int columns = rows.isEmpty() ? 0 : Math.min(6, rows.get(0).size()); // the area is left out
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                int at = column;
                int width = rows.stream().mapToInt(r -> r.get(at).length()).max().orElse(1);
                width = Math.min(width, LONGEST_NAME);
                line.append(("%-" + width + "." + width + "s  ").formatted(row.get(column)));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        sentences()
                .forEach(
                        sentence ->
                                Format.wrapped("", sentence, WIDTH)
                                        .forEach(line -> text.append(line).append('\n')));
        return text.toString();
    }

    /**
     * Rows of the table of sources, at most 20, the header first, without columns that have no
     * value; empty without sources.
     */
    List<List<String>> table() {
        if (sources.isEmpty()) {
            return List.of();
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                List.of(
                        "source",
                        "fitted on",
                        "positive",
                        "sensitivity",
                        "others",
                        "specificity",
                        "area"));
        sources.stream().limit(MOST_SHOWN).forEach(source -> rows.add(row(source)));
        List<Integer> filled =
                IntStream.range(0, rows.get(0).size())
                        .filter(
                                column ->
                                        rows.stream()
                                                .skip(1)
                                                .anyMatch(r -> !r.get(column).equals(Format.NONE)))
                        .boxed()
                        .toList();
        return rows.stream().map(row -> filled.stream().map(row::get).toList()).toList();
    }

    private static List<String> row(Source source) {
        return List.of(
                source.name(),
                source.fittedOn(),
                String.valueOf(source.rates().counts().positives()),
                Format.share(source.rates().sensitivity()),
                String.valueOf(source.rates().counts().negatives()),
                Format.share(source.rates().specificity()),
                Format.auc(source.auc()));
    }

    /** The answer, and what the scores say about sources. */
    List<String> sentences() {
        List<String> sentences = new ArrayList<>(List.of(answer));
        trainingSource.ifPresent(
                area ->
                        sentences.add(
                                ("The scores of the other images tell sources that were fitted on"
                                     + " from new ones with an area of %s (0.5: not at all).")
                                        .formatted(Format.estimate(Optional.of(area)))));
        if (sources.size() > MOST_SHOWN) {
            sentences.add(
                    "The table shows %d of %d sources.".formatted(MOST_SHOWN, sources.size()));
        }
        return sentences;
    }
}
