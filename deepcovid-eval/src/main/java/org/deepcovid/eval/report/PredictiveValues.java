package org.deepcovid.eval.report;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.deepcovid.eval.metrics.Bootstrap;
import org.deepcovid.eval.metrics.Clusters;
import org.deepcovid.eval.metrics.Metric;
import org.deepcovid.eval.metrics.ScoredLabels;

/**
 * Predictive values at a stated prevalence, with intervals from resampled patients.
 *
 * @param prevalence share of people with COVID-19
 * @param positive empty where no image is called positive
 * @param negative empty where no image is called negative
 */
record PredictiveValues(
        double prevalence,
        Optional<Bootstrap.Estimate> positive,
        Optional<Bootstrap.Estimate> negative) {

    private static final List<Double> PREVALENCES = List.of(0.01, 0.05, 0.2);

    static List<PredictiveValues> of(
            ScoredLabels scores, double threshold, Clusters patients, Bootstrap bootstrap) {
        Stream<PredictiveValues> values =
                PREVALENCES.stream()
                        .map(
                                share ->
                                        new PredictiveValues(
                                                share,
                                                bootstrap.estimate(
                                                        Metric.rateAt(
                                                                threshold,
                                                                r ->
                                                                        r.positivePredictiveValueAt(
                                                                                share)),
                                                        scores,
                                                        patients),
                                                bootstrap.estimate(
                                                        Metric.rateAt(
                                                                threshold,
                                                                r ->
                                                                        r.negativePredictiveValueAt(
                                                                                share)),
                                                        scores,
                                                        patients)));
        return values.toList();
    }
}
