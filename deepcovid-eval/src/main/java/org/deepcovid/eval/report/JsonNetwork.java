package org.deepcovid.eval.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.core.runtime.RuntimeEnvironment;
import org.deepcovid.eval.metrics.PrecisionRecallCurve;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.ThresholdTable;
import org.deepcovid.eval.metrics.calibration.ReliabilityDiagram;
import org.deepcovid.eval.metrics.calibration.ScoreHistogram;
import org.deepcovid.eval.metrics.comparison.SubgroupTable;

/** One network of a report as JSON. Curves hold at most {@value #MAX_POINTS} points. */
final class JsonNetwork {

    private static final int MAX_POINTS = 500;

    private JsonNetwork() {}

    static ObjectNode of(EvaluatedNetwork network) {
        Evaluation evaluation = network.evaluation();
        NetworkResults results = network.results();
        ObjectNode node = JsonNumbers.object().put("name", network.name());
        node.set("backbone", backbone(evaluation.network(), evaluation.provenance()));
        node.set("training", training(evaluation.provenance()));
        node.set("environment", environment(evaluation.provenance().environment()));
        node.set("warnings", JsonReport.strings(Warnings.of(network)));
        ObjectNode threshold = node.putObject("threshold");
        threshold
                .put("value", evaluation.threshold().value())
                .put("rule", evaluation.threshold().rule())
                .put("fittedOn", evaluation.threshold().fittedOn());
        threshold.set("ratesThere", evaluation.fittingRates().map(JsonNumbers::of).orElse(null));
        node.set("auc", JsonNumbers.of(results.auc()));
        node.put("averagePrecision", results.precisionRecall().averagePrecision());
        node.put("prevalence", results.precisionRecall().noSkillPrecision());
        node.set("rates", JsonNumbers.of(results.rates()));
        ObjectNode byPatient = node.putObject("byPatient");
        for (TestMetric metric : TestMetric.values()) {
            byPatient.set(
                    metric.field(), results.byPatient(metric).map(JsonNumbers::of).orElse(null));
        }
        node.set("predictiveValues", predictiveValues(results));
        node.set("seeds", network.seeds().map(JsonNetwork::seeds).orElse(null));
        node.set("calibration", calibration(results));
        node.set("thresholds", thresholds(results.thresholds()));
        node.set("subgroups", subgroups(results));
        ObjectNode areas = node.putObject("areasByFinding");
        results.findingAreas().forEach((finding, auc) -> areas.set(finding, JsonNumbers.of(auc)));
        node.set("histograms", histograms(results));
        node.set("roc", roc(results.roc().simplified(MAX_POINTS)));
        node.set(
                "precisionRecall",
                precisionRecall(results.precisionRecall().simplified(MAX_POINTS)));
        return node;
    }

    private static ObjectNode seeds(SeedRuns seeds) {
        ObjectNode node = JsonNumbers.object();
        ArrayNode numbers = node.putArray("seeds");
        seeds.seeds().forEach(numbers::add);
        seeds.summaries()
                .forEach(
                        (metric, summary) -> {
                            ObjectNode entry = node.putObject(metric.field());
                            entry.put("mean", summary.mean());
                            JsonNumbers.put(
                                    entry, "standardDeviation", summary.standardDeviation());
                            entry.put("lowest", summary.lowest());
                            entry.put("highest", summary.highest());
                            entry.put("range", summary.range());
                        });
        return node;
    }

    private static ArrayNode predictiveValues(NetworkResults results) {
        ArrayNode node = JsonNumbers.array();
        for (PredictiveValues values : results.predictiveValues()) {
            ObjectNode entry = node.addObject().put("prevalence", values.prevalence());
            entry.set("positive", values.positive().map(JsonNumbers::of).orElse(null));
            entry.set("negative", values.negative().map(JsonNumbers::of).orElse(null));
        }
        return node;
    }

    private static ObjectNode backbone(BackboneSpec spec, ModelProvenance made) {
        return JsonNumbers.object()
                .put("architecture", spec.architecture())
                .put("flavour", spec.flavour())
                .put("inputSize", spec.inputSize())
                .put("weights", made.weights().name())
                .put("weightsSha256", made.weights().sha256())
                .put("trained", made.weights().trained())
                .put("licence", spec.licence())
                .put("paper", spec.paper());
    }

    private static ObjectNode training(ModelProvenance made) {
        ObjectNode node = JsonNumbers.object();
        ObjectNode recipe = node.putObject("recipe");
        RecipeText.rows(made.config()).forEach(recipe::put);
        node.put("seed", made.config().seed());
        node.put("epochs", made.history().size()).put("chosenEpoch", made.chosenEpoch());
        node.put("trainedAt", made.trainedAt());
        node.set("trainingFingerprint", JsonReport.fingerprint(made.training()));
        node.set("validationFingerprint", JsonReport.fingerprint(made.validation()));
        ArrayNode history = node.putArray("history");
        made.history()
                .forEach(
                        epoch ->
                                history.addObject()
                                        .put("epoch", epoch.epoch())
                                        .put("trainingLoss", epoch.trainingLoss())
                                        .put("validationLoss", epoch.validationLoss()));
        return node;
    }

    private static ObjectNode environment(RuntimeEnvironment machine) {
        return JsonNumbers.object()
                .put("processor", machine.cpu())
                .put("backend", machine.backend())
                .put("oneDnn", machine.oneDnn())
                .put("threads", machine.threads())
                .put("operatingSystem", machine.operatingSystem())
                .put("java", machine.javaVersion())
                .put("deepcovid", machine.libraryVersion());
    }

    private static ObjectNode calibration(NetworkResults results) {
        ObjectNode node = JsonNumbers.object();
        node.put("brierScore", results.brier().score());
        node.put("reliability", results.brier().reliability());
        node.put("resolution", results.brier().resolution());
        node.put("uncertainty", results.brier().uncertainty());
        node.put("withinBins", results.brier().withinBins());
        node.put("expectedErrorEqualWidth", results.reliability().expectedCalibrationError());
        node.put("expectedErrorEqualMass", results.reliabilityByMass().expectedCalibrationError());
        JsonNumbers.put(node, "meanScoreCovid", results.averages().ofPositives());
        JsonNumbers.put(node, "meanScoreOther", results.averages().ofNegatives());
        node.set(
                "slope",
                results.calibration()
                        .map(l -> JsonNumbers.interval(l.slope().estimate(), l.slope().interval()))
                        .orElse(null));
        node.set(
                "interceptAtSlopeOne",
                results.calibration()
                        .map(
                                l ->
                                        JsonNumbers.interval(
                                                l.calibrationInTheLarge().estimate(),
                                                l.calibrationInTheLarge().interval()))
                        .orElse(null));
        ArrayNode after = node.putArray("recalibrated");
        results.recalibrations()
                .forEach(
                        r ->
                                after.addObject()
                                        .put("calibrator", r.calibrator().describe())
                                        .put("brierScore", r.brier())
                                        .put("expectedErrorEqualWidth", r.expectedError()));
        node.set("bins", bins(results.reliability()));
        return node;
    }

    private static ArrayNode bins(ReliabilityDiagram diagram) {
        ArrayNode node = JsonNumbers.array();
        for (ReliabilityDiagram.Bin bin : diagram.bins()) {
            ObjectNode entry = node.addObject();
            entry.put("lower", bin.lower()).put("upper", bin.upper());
            entry.put("meanScore", bin.meanScore());
            entry.set("observed", JsonNumbers.of(bin.observed()));
        }
        return node;
    }

    private static ArrayNode thresholds(ThresholdTable table) {
        ArrayNode node = JsonNumbers.array();
        for (ThresholdTable.Row row : table.rows()) {
            ObjectNode entry = node.addObject().put("threshold", row.threshold());
            JsonNumbers.put(entry, "sensitivity", row.rates().sensitivity());
            JsonNumbers.put(entry, "specificity", row.rates().specificity());
        }
        return node;
    }

    private static ObjectNode subgroups(NetworkResults results) {
        ObjectNode node = JsonNumbers.object();
        results.subgroups()
                .forEach(
                        (attribute, table) -> {
                            ArrayNode rows = node.putArray(attribute);
                            for (SubgroupTable.Row row : table.rows()) {
                                ObjectNode entry = rows.addObject();
                                entry.put("group", row.group())
                                        .put("small", Subgroups.isSmall(row));
                                entry.set("auc", row.auc().map(JsonNumbers::of).orElse(null));
                                entry.set("rates", JsonNumbers.of(row.rates()));
                            }
                        });
        return node;
    }

    private static ObjectNode histograms(NetworkResults results) {
        ObjectNode node = JsonNumbers.object();
        for (var group : results.groups().entrySet()) {
            ArrayNode counts = node.putArray(group.getKey());
            ScoredLabels scores = group.getValue();
            ScoreHistogram.of(scores)
                    .bins()
                    .forEach(bin -> counts.add(bin.positives() + bin.negatives()));
        }
        return node;
    }

    /** The first point, at which nothing is called positive, has no finite threshold. */
    private static ArrayNode roc(List<RocCurve.Point> points) {
        ArrayNode node = JsonNumbers.array();
        for (RocCurve.Point point : points) {
            ObjectNode entry = node.addObject();
            if (Double.isFinite(point.threshold())) {
                entry.put("threshold", point.threshold());
            } else {
                entry.putNull("threshold");
            }
            entry.put("sensitivity", point.sensitivity());
            entry.put("specificity", point.specificity());
        }
        return node;
    }

    private static ArrayNode precisionRecall(List<PrecisionRecallCurve.Point> points) {
        ArrayNode node = JsonNumbers.array();
        for (PrecisionRecallCurve.Point point : points) {
            node.addObject()
                    .put("threshold", point.threshold())
                    .put("precision", point.precision())
                    .put("recall", point.recall());
        }
        return node;
    }
}
