package org.deepcovid.eval.report;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.deepcovid.eval.metrics.BinaryRates;
import org.deepcovid.eval.metrics.Bootstrap;

/** What one network reached on the test images, number by number. */
final class RatesTable {

    private RatesTable() {}

    static HtmlTable of(NetworkResults results) {
        HtmlTable table =
                new HtmlTable(
                        "Results on the test images",
                        "figure",
                        "value and 95 % interval",
                        "interval from resampled patients");
        Map<TestMetric, String> values = values(results);
        for (TestMetric metric : TestMetric.values()) {
            table.row(metric.words(), values.get(metric), byPatient(results, metric));
        }
        return table;
    }

    private static Map<TestMetric, String> values(NetworkResults results) {
        BinaryRates rates = results.rates();
        Map<TestMetric, String> values = new EnumMap<>(TestMetric.class);
        values.put(TestMetric.AUC, "%s (%s)".formatted(Format.auc(results.auc()), method(results)));
        values.put(
                TestMetric.AVERAGE_PRECISION,
                "%s; no skill %s"
                        .formatted(
                                Format.number(results.precisionRecall().averagePrecision()),
                                Format.number(results.precisionRecall().noSkillPrecision())));
        values.put(TestMetric.SENSITIVITY, Format.rate(rates.sensitivity()));
        values.put(TestMetric.SPECIFICITY, Format.rate(rates.specificity()));
        values.put(TestMetric.PPV, Format.rate(rates.positivePredictiveValue()));
        values.put(TestMetric.NPV, Format.rate(rates.negativePredictiveValue()));
        values.put(TestMetric.ACCURACY, Format.rate(rates.accuracy()));
        for (TestMetric metric : TestMetric.values()) {
            values.computeIfAbsent(
                    metric,
                    other ->
                            results.byPatient(other)
                                    .map(estimate -> Format.number(estimate.value()))
                                    .orElse(Format.NONE));
        }
        return values;
    }

    private static String method(NetworkResults results) {
        return switch (results.auc().method()) {
            case DELONG -> "DeLong";
            case DELONG_LOGIT -> "DeLong on the logit scale";
            case NEWCOMBE -> "Newcombe, since DeLong's is undefined here";
        };
    }

    private static String byPatient(NetworkResults results, TestMetric metric) {
        return results.byPatient(metric)
                .map(estimate -> interval(metric, estimate))
                .orElse(Format.NONE);
    }

    private static String interval(TestMetric metric, Bootstrap.Estimate estimate) {
        return switch (metric) {
            case SENSITIVITY, SPECIFICITY, PPV, NPV, ACCURACY ->
                    Format.percents(estimate.interval());
            default -> Format.interval(estimate.interval());
        };
    }

    /** What a call would mean where another share of people had COVID-19. */
    static HtmlTable predictiveValues(NetworkResults results) {
        HtmlTable table =
                new HtmlTable(
                        "Predictive values where another share of people have COVID-19, from"
                                + " sensitivity and specificity",
                        "share",
                        "positive predictive value",
                        "negative predictive value");
        for (PredictiveValues values : results.predictiveValues()) {
            table.row(
                    String.format(Locale.ROOT, "%.0f %%", 100 * values.prevalence()),
                    Format.estimate(values.positive()),
                    Format.estimate(values.negative()));
        }
        return table;
    }
}
