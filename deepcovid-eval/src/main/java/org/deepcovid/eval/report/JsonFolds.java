package org.deepcovid.eval.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;

/** A cross-validation as JSON. */
final class JsonFolds {

    private JsonFolds() {}

    static ObjectNode of(FoldResults results) {
        ObjectNode node = JsonNumbers.object();
        ArrayNode folds = node.putArray("folds");
        for (CrossValidation.Fold fold : results.folds().folds()) {
            ScoredLabels scores = ScoredLabels.of(fold.scores());
            ObjectNode entry =
                    folds.addObject()
                            .put("images", scores.size())
                            .put("patients", fold.patients())
                            .put("covid", scores.positives());
            entry.set("auc", JsonNumbers.of(RocCurve.of(scores).aucEstimate()));
            entry.put("threshold", fold.threshold().map(at -> at.value()).orElse(null));
            entry.set("rates", fold.rates().map(JsonNumbers::of).orElse(null));
            entry.put("remark", fold.remark());
        }
        ArrayNode measures = node.putArray("measures");
        for (FoldResults.Measure measure : results.measures()) {
            ObjectNode entry = measures.addObject().put("measure", measure.metric().field());
            entry.put("label", measure.label().orElse(null));
            entry.set("pooled", JsonNumbers.estimate(measure.pooled(), measure.interval()));
            JsonNumbers.put(entry, measure.spread());
        }
        return node;
    }
}
