package org.deepcovid.eval.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import org.deepcovid.eval.metrics.Bootstrap;
import org.deepcovid.eval.metrics.ClassResults;
import org.deepcovid.eval.metrics.ClassResults.Measure;
import org.deepcovid.eval.metrics.ConfusionTable;
import org.deepcovid.eval.metrics.PrecisionRecallCurve;
import org.deepcovid.eval.metrics.RocCurve;

/** The numbers of all labels as JSON, of networks that have more than two. */
final class JsonLabels {

    private JsonLabels() {}

    static ObjectNode of(LabelResults results) {
        ObjectNode node = JsonNumbers.object();
        ConfusionTable confusion = results.results().confusion();
        node.set("confusion", confusion(confusion));
        node.set("accuracy", JsonNumbers.of(confusion.accuracy()));
        node.set("balancedAccuracy", results.balancedAccuracy().map(JsonNumbers::of).orElse(null));
        node.put("thresholdDisagrees", results.disagreements());
        ArrayNode labels = node.putArray("oneVersusRest");
        for (int c = 0; c < confusion.names().size(); c++) {
            labels.add(label(results.results().classes().get(c), results.byPatient().get(c)));
        }
        results.averages()
                .forEach(
                        (average, estimates) ->
                                node.set(
                                        average.name().toLowerCase(Locale.ROOT),
                                        estimates(estimates)));
        return node;
    }

    /** Rows are labels of the dataset, columns predicted ones. */
    private static ObjectNode confusion(ConfusionTable table) {
        ObjectNode node = JsonNumbers.object();
        node.set("labels", JsonReport.strings(table.names()));
        ArrayNode counts = node.putArray("counts");
        ArrayNode shares = node.putArray("rowShares");
        for (int row = 0; row < table.names().size(); row++) {
            ArrayNode ofRow = counts.addArray();
            ArrayNode sharesOfRow = shares.addArray();
            for (int column = 0; column < table.names().size(); column++) {
                ofRow.add(table.count(row, column));
                sharesOfRow.add(table.rowShare(row, column).map(JsonNumbers::of).orElse(null));
            }
        }
        return node;
    }

    private static ObjectNode label(
            ClassResults.OneVersusRest label, Map<Measure, Bootstrap.Estimate> byPatient) {
        ObjectNode node = JsonNumbers.object().put("label", label.name());
        node.put("images", label.cases());
        node.set("auc", label.roc().map(RocCurve::aucEstimate).map(JsonNumbers::of).orElse(null));
        node.put(
                "averagePrecision",
                label.precisionRecall().map(PrecisionRecallCurve::averagePrecision).orElse(null));
        node.set("rates", JsonNumbers.of(label.rates()));
        node.set("byPatient", estimates(byPatient));
        return node;
    }

    private static ObjectNode estimates(Map<Measure, Bootstrap.Estimate> estimates) {
        ObjectNode node = JsonNumbers.object();
        for (Measure measure : Measure.values()) {
            Bootstrap.Estimate estimate = estimates.get(measure);
            node.set(field(measure), estimate == null ? null : JsonNumbers.of(estimate));
        }
        return node;
    }

    private static String field(Measure measure) {
        return switch (measure) {
            case PRECISION -> "precision";
            case RECALL -> "recall";
            case F1 -> "f1";
            case AUC -> "auc";
            case AVERAGE_PRECISION -> "averagePrecision";
        };
    }
}
