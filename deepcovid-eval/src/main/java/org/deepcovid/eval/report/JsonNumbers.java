package org.deepcovid.eval.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.OptionalDouble;
import org.deepcovid.eval.metrics.AucEstimate;
import org.deepcovid.eval.metrics.BinaryRates;
import org.deepcovid.eval.metrics.Bootstrap;
import org.deepcovid.eval.metrics.ConfidenceInterval;
import org.deepcovid.eval.metrics.ConfusionMatrix;
import org.deepcovid.eval.metrics.Proportion;
import org.deepcovid.eval.metrics.comparison.SeedSummary;

/** Estimates as JSON; null where there is none, never NaN. */
final class JsonNumbers {

    private JsonNumbers() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    static ObjectNode interval(double value, ConfidenceInterval interval) {
        return object().put("value", value)
                .put("lower", interval.lower())
                .put("upper", interval.upper())
                .put("level", interval.level());
    }

    static ObjectNode of(AucEstimate auc) {
        return interval(auc.auc(), auc.interval()).put("method", auc.method().name());
    }

    static ObjectNode of(Bootstrap.Estimate estimate) {
        return estimate(estimate.value(), estimate.interval())
                .put("method", "PERCENTILE_BOOTSTRAP_BY_PATIENT")
                .put("replicates", estimate.replicates());
    }

    static ObjectNode estimate(double value, Optional<ConfidenceInterval> interval) {
        return interval.map(known -> interval(value, known))
                .orElseGet(
                        () ->
                                object().put("value", value)
                                        .putNull("lower")
                                        .putNull("upper")
                                        .putNull("level"));
    }

    static void put(ObjectNode target, SeedSummary summary) {
        target.put("mean", summary.mean());
        put(target, "standardDeviation", summary.standardDeviation());
        target.put("lowest", summary.lowest()).put("highest", summary.highest());
        target.put("range", summary.range());
    }

    static ObjectNode of(Proportion rate) {
        return interval(rate.estimate(), rate.interval())
                .put("method", rate.method().name())
                .put("count", rate.successes())
                .put("total", rate.total());
    }

    static void put(ObjectNode target, String name, Optional<Proportion> rate) {
        target.set(name, rate.map(JsonNumbers::of).orElse(null));
    }

    static void put(ObjectNode target, String name, OptionalDouble value) {
        if (value.isPresent()) {
            target.put(name, value.getAsDouble());
        } else {
            target.putNull(name);
        }
    }

    static ObjectNode of(BinaryRates rates) {
        ObjectNode node = object();
        node.set("counts", of(rates.counts()));
        put(node, "sensitivity", rates.sensitivity());
        put(node, "specificity", rates.specificity());
        boolean both = rates.counts().positives() > 0 && rates.counts().negatives() > 0;
        put(node, "positivePredictiveValue", rates.positivePredictiveValue().filter(p -> both));
        put(node, "negativePredictiveValue", rates.negativePredictiveValue().filter(p -> both));
        node.set("accuracy", of(rates.accuracy()));
        put(node, "balancedAccuracy", rates.balancedAccuracy());
        put(node, "f1", rates.f1());
        put(node, "matthewsCorrelation", rates.matthewsCorrelation());
        put(node, "positiveLikelihoodRatio", rates.positiveLikelihoodRatio());
        put(node, "negativeLikelihoodRatio", rates.negativeLikelihoodRatio());
        put(node, "diagnosticOddsRatio", rates.diagnosticOddsRatio());
        return node;
    }

    private static ObjectNode of(ConfusionMatrix counts) {
        return object().put("truePositives", counts.truePositives())
                .put("falseNegatives", counts.falseNegatives())
                .put("falsePositives", counts.falsePositives())
                .put("trueNegatives", counts.trueNegatives());
    }
}
