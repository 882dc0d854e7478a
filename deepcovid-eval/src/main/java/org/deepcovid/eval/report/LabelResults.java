package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.eval.metrics.Bootstrap;
import org.deepcovid.eval.metrics.ClassResults;
import org.deepcovid.eval.metrics.ClassResults.Average;
import org.deepcovid.eval.metrics.ClassResults.Measure;
import org.deepcovid.eval.metrics.ClassScores;
import org.deepcovid.eval.metrics.RocCurve;

/**
 * The numbers of one network that has more than two labels, for all of them.
 *
 * @param results of the most likely label and of each label against the others
 * @param byPatient intervals from resampled patients, one map per label
 * @param averages over the labels, with intervals from resampled patients
 * @param balancedAccuracy with the same
 * @param disagreements images of which one of threshold and most likely label says positive, the
 *     other not
 */
record LabelResults(
        ClassResults results,
        List<Map<Measure, Bootstrap.Estimate>> byPatient,
        Map<Average, Map<Measure, Bootstrap.Estimate>> averages,
        Optional<Bootstrap.Estimate> balancedAccuracy,
        int disagreements) {

    /** Empty for two labels, and where all images have the same. */
    static Optional<LabelResults> of(Evaluation evaluation, NetworkResults.Resampling resampling) {
        return evaluation.labels().several() && evaluation.hasSeveralTruths()
                ? Optional.of(ofMany(evaluation, resampling))
                : Optional.empty();
    }

    private static LabelResults ofMany(
            Evaluation evaluation, NetworkResults.Resampling resampling) {
        ClassScores scores = evaluation.classScores();
        int labels = scores.names().size();
        List<Function<ClassResults, OptionalDouble>> metrics = new ArrayList<>();
        for (int c = 0; c < labels; c++) {
            int label = c;
            for (Measure measure : Measure.values()) {
                metrics.add(results -> measure.of(results.classes().get(label)));
            }
        }
        for (Average average : Average.values()) {
            for (Measure measure : Measure.values()) {
                metrics.add(results -> OptionalDouble.of(results.average(average, measure)));
            }
        }
        metrics.add(results -> OptionalDouble.of(results.confusion().balancedAccuracy()));
        Iterator<Optional<Bootstrap.Estimate>> found =
                resampling.bootstrap().estimates(metrics, scores, resampling.patients()).iterator();
        List<Map<Measure, Bootstrap.Estimate>> byPatient = new ArrayList<>();
        for (int c = 0; c < labels; c++) {
            byPatient.add(measures(found));
        }
        Map<Average, Map<Measure, Bootstrap.Estimate>> averages = new EnumMap<>(Average.class);
        for (Average average : Average.values()) {
            averages.put(average, measures(found));
        }
        return new LabelResults(
                ClassResults.of(scores), byPatient, averages, found.next(), count(evaluation));
    }

    private static Map<Measure, Bootstrap.Estimate> measures(
            Iterator<Optional<Bootstrap.Estimate>> found) {
        Map<Measure, Bootstrap.Estimate> estimates = new EnumMap<>(Measure.class);
        for (Measure measure : Measure.values()) {
            found.next().ifPresent(estimate -> estimates.put(measure, estimate));
        }
        return estimates;
    }

    private static int count(Evaluation evaluation) {
        return (int) evaluation.testScores().stream().filter(i -> differs(evaluation, i)).count();
    }

    private static boolean differs(Evaluation evaluation, ScoredImage image) {
        return evaluation.threshold().isReachedBy(image.positiveProbability())
                != image.probabilities().mostLikely().equals(evaluation.labels().positive());
    }

    Optional<Bootstrap.Estimate> average(Average average, Measure measure) {
        return Optional.ofNullable(averages.get(average).get(measure));
    }

    /** The curves of the labels that have test images. */
    Map<String, RocCurve> rocs() {
        Map<String, RocCurve> curves = new LinkedHashMap<>();
        results.classes().forEach(c -> c.roc().ifPresent(curve -> curves.put(c.name(), curve)));
        return curves;
    }

    /** Header and rows of a table: each label against all others, then the averages. */
    List<List<String>> table() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                List.of(
                        "label",
                        "images",
                        "area under the ROC curve",
                        "average precision",
                        "precision",
                        "recall",
                        "F1"));
        for (int c = 0; c < byPatient.size(); c++) {
            ClassResults.OneVersusRest label = results.classes().get(c);
            Map<Measure, Bootstrap.Estimate> estimates = byPatient.get(c);
            rows.add(
                    List.of(
                            label.name(),
                            String.valueOf(label.cases()),
                            area(label),
                            cell(estimates, Measure.AVERAGE_PRECISION),
                            Format.share(label.rates().positivePredictiveValue()),
                            Format.share(label.rates().sensitivity()),
                            cell(estimates, Measure.F1)));
        }
        averages.forEach(
                (average, estimates) ->
                        rows.add(
                                List.of(
                                        words(average),
                                        String.valueOf(results.confusion().total()),
                                        cell(estimates, Measure.AUC),
                                        cell(estimates, Measure.AVERAGE_PRECISION),
                                        cell(estimates, Measure.PRECISION),
                                        cell(estimates, Measure.RECALL),
                                        cell(estimates, Measure.F1))));
        return rows;
    }

    private static String cell(Map<Measure, Bootstrap.Estimate> estimates, Measure measure) {
        return Format.estimate(Optional.ofNullable(estimates.get(measure)));
    }

    static String area(ClassResults.OneVersusRest label) {
        return label.roc().map(RocCurve::aucEstimate).map(Format::auc).orElse(Format.NONE);
    }

    /** As in {@code macro average}. */
    static String words(Average average) {
        return average.name().toLowerCase(Locale.ROOT) + " average";
    }
}
