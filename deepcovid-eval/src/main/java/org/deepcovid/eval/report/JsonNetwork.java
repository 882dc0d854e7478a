package org.deepcovid.eval.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepcovid.core.Decisions;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.core.runtime.RuntimeEnvironment;
import org.deepcovid.eval.metrics.PrecisionRecallCurve;
import org.deepcovid.eval.metrics.RiskCoverage;
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
        node.set("training", training(evaluation.provenance(), evaluation.labels().positive()));
        node.set("environment", environment(evaluation.provenance().environment()));
        node.set(
                "warnings",
                JsonReport.strings(network.warnings().stream().map(Warning::toString).toList()));
        node.set("scores", scores(evaluation.decisions()));
        ObjectNode threshold = node.putObject("threshold");
        threshold
                .put("value", evaluation.threshold().value())
                .put("rule", evaluation.threshold().rule())
                .put("fittedOn", evaluation.threshold().fittedOn());
        threshold.set("ratesThere", evaluation.fittingRates().map(JsonNumbers::of).orElse(null));
        Optional<NetworkResults.Curves> curves = results.curves();
        node.set("auc", results.auc().map(JsonNumbers::of).orElse(null));
        node.put(
                "averagePrecision",
                curves.map(c -> c.precisionRecall().averagePrecision()).orElse(null));
        node.put("prevalence", evaluation.scores().prevalence());
        node.set("rates", JsonNumbers.of(results.rates().atThreshold()));
        ObjectNode byPatient = node.putObject("byPatient");
        for (TestMetric metric : TestMetric.values()) {
            byPatient.set(
                    metric.field(), results.byPatient(metric).map(JsonNumbers::of).orElse(null));
        }
        results.labels().ifPresent(all -> node.set("allLabels", JsonLabels.of(all)));
        node.set("predictiveValues", predictiveValues(results.rates().predictiveValues()));
        node.set("seeds", network.seeds().map(JsonNetwork::seeds).orElse(null));
        node.set("calibration", results.calibration().map(JsonNetwork::calibration).orElse(null));
        node.set("thresholds", thresholds(results.rates().atOthers()));
        node.set("subgroups", subgroups(results.subgroups().tables()));
        node.set("sources", sources(results.sources()));
        node.set("labelSets", labelSets(results.answers()));
        node.set("reviews", results.answers().reviews().map(JsonNetwork::reviews).orElse(null));
        node.set("riskCoverage", risk(results.answers().risk()));
        ObjectNode areas = node.putObject("areasByFinding");
        results.subgroups()
                .findingAreas()
                .forEach((finding, auc) -> areas.set(finding, JsonNumbers.of(auc)));
        node.set("histograms", histograms(results.subgroups().histograms()));
        ObjectNode spread = node.putObject("scoreSpread");
        results.subgroups()
                .histograms()
                .forEach(
                        (group, scores) ->
                                ScoreSpread.of(scores).forEach(spread.putObject(group)::put));
        node.set("roc", curves.map(c -> roc(c.roc().simplified(MAX_POINTS))).orElse(null));
        node.set(
                "precisionRecall",
                curves.map(c -> precisionRecall(c.precisionRecall().simplified(MAX_POINTS)))
                        .orElse(null));
        return node;
    }

    private static ObjectNode scores(Decisions decisions) {
        ObjectNode node = JsonNumbers.object().put("calibration", decisions.scoresName());
        decisions
                .calibration()
                .ifPresent(
                        c ->
                                node.put("slope", c.slope())
                                        .put("intercept", c.intercept())
                                        .put("fittedOn", c.fittedOn()));
        return node;
    }

    private static ObjectNode seeds(SeedRuns seeds) {
        ObjectNode node = JsonNumbers.object();
        ArrayNode numbers = node.putArray("seeds");
        seeds.seeds().forEach(numbers::add);
        seeds.summaries()
                .forEach(
                        (metric, summary) ->
                                JsonNumbers.put(node.putObject(metric.field()), summary));
        return node;
    }

    private static ArrayNode predictiveValues(List<NetworkResults.PredictiveValues> all) {
        ArrayNode node = JsonNumbers.array();
        for (NetworkResults.PredictiveValues values : all) {
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

    private static ObjectNode training(ModelProvenance made, Label positive) {
        ObjectNode node = JsonNumbers.object();
        ObjectNode recipe = node.putObject("recipe");
        RecipeText.rows(made.config()).forEach(recipe::put);
        node.put("seed", made.config().seed());
        node.put("precision", made.precision().id());
        made.precisionCheck()
                .ifPresent(
                        check ->
                                node.putObject("precisionCheck")
                                        .put("images", check.images())
                                        .put("areaInFloat32", check.float32Area())
                                        .put("area", check.area())
                                        .put("meanChange", check.meanChange())
                                        .put("largestChange", check.largestChange()));
        node.put("epochs", made.history().size()).put("chosenEpoch", made.chosenEpoch());
        node.put("trainedAt", made.trainedAt());
        node.set("trainingFingerprint", JsonReport.fingerprint(made.training(), positive));
        node.set("validationFingerprint", JsonReport.fingerprint(made.validation(), positive));
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

    private static ObjectNode calibration(CalibrationResults results) {
        ObjectNode node = JsonNumbers.object();
        node.put("brierScore", results.brier().score());
        node.put("reliability", results.brier().reliability());
        node.put("resolution", results.brier().resolution());
        node.put("uncertainty", results.brier().uncertainty());
        node.put("withinBins", results.brier().withinBins());
        node.put("expectedErrorEqualWidth", results.equalWidth().expectedCalibrationError());
        node.put("expectedErrorEqualMass", results.equalMass().expectedCalibrationError());
        JsonNumbers.put(node, "meanScoreCovid", results.averages().ofPositives());
        JsonNumbers.put(node, "meanScoreOther", results.averages().ofNegatives());
        node.set(
                "slope",
                results.line()
                        .map(l -> JsonNumbers.interval(l.slope().estimate(), l.slope().interval()))
                        .orElse(null));
        node.set(
                "interceptAtSlopeOne",
                results.line()
                        .map(
                                l ->
                                        JsonNumbers.interval(
                                                l.calibrationInTheLarge().estimate(),
                                                l.calibrationInTheLarge().interval()))
                        .orElse(null));
        ArrayNode after = node.putArray("recalibrated");
        results.recalibrated()
                .forEach(
                        r ->
                                after.addObject()
                                        .put("calibrator", r.calibrator())
                                        .put("brierScore", r.brier())
                                        .put("expectedErrorEqualWidth", r.expectedError()));
        node.set("bins", bins(results.equalWidth()));
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
            entry.put("netBenefit", row.rates().counts().netBenefit(row.threshold()));
        }
        return node;
    }

    private static ObjectNode subgroups(Map<String, SubgroupTable> tables) {
        ObjectNode node = JsonNumbers.object();
        tables.forEach(
                (attribute, table) -> {
                    ArrayNode rows = node.putArray(attribute);
                    for (SubgroupTable.Row row : table.rows()) {
                        ObjectNode entry = rows.addObject();
                        entry.put("group", row.group()).put("small", Subgroups.isSmall(row));
                        entry.set("auc", row.auc().map(JsonNumbers::of).orElse(null));
                        entry.set("rates", JsonNumbers.of(row.rates()));
                    }
                });
        return node;
    }

    private static ObjectNode sources(SourceResults results) {
        ObjectNode node = JsonNumbers.object().put("answer", results.answer());
        node.set("withinSources", results.within().map(JsonNumbers::of).orElse(null));
        node.set("mixedSources", JsonReport.strings(results.mixed()));
        node.set("fittedSource", results.trainingSource().map(JsonNumbers::of).orElse(null));
        ArrayNode rows = node.putArray("sources");
        for (SourceResults.Source source : results.sources()) {
            ObjectNode entry = rows.addObject().put("source", source.name());
            entry.put("fittedOn", source.fitted().orElse(null));
            entry.set("rates", JsonNumbers.of(source.rates()));
            entry.set("auc", source.auc().map(JsonNumbers::of).orElse(null));
        }
        return node;
    }

    private static ObjectNode labelSets(AnswerResults answers) {
        ObjectNode node = JsonNumbers.object().put("confidence", answers.confidence());
        ArrayNode groups = node.putArray("groups");
        for (AnswerResults.Coverage group : answers.coverage()) {
            ObjectNode entry = groups.addObject().put("group", group.group());
            entry.set("coverage", JsonNumbers.of(group.held()));
            entry.put("single", group.single()).put("empty", group.empty());
        }
        return node;
    }

    private static ObjectNode reviews(AnswerResults.Reviews reviews) {
        ObjectNode node = JsonNumbers.object();
        node.set("share", JsonNumbers.of(reviews.all()));
        JsonNumbers.put(node, "shareOfPositives", reviews.positives());
        JsonNumbers.put(node, "shareOfOthers", reviews.negatives());
        node.set("ratesOfTheRest", reviews.answered().map(JsonNumbers::of).orElse(null));
        return node;
    }

    private static ObjectNode risk(RiskCoverage risk) {
        ObjectNode node = JsonNumbers.object().put("area", risk.area());
        ArrayNode points = node.putArray("points");
        int step = Math.max(1, risk.points().size() / MAX_POINTS);
        for (int i = 0; i < risk.points().size(); i += step) {
            RiskCoverage.Point point = risk.points().get(i);
            points.addObject().put("coverage", point.coverage()).put("risk", point.risk());
        }
        return node;
    }

    private static ObjectNode histograms(Map<String, ScoredLabels> groups) {
        ObjectNode node = JsonNumbers.object();
        groups.forEach(
                (group, scores) -> {
                    ArrayNode counts = node.putArray(group);
                    ScoreHistogram.of(scores)
                            .bins()
                            .forEach(bin -> counts.add(bin.positives() + bin.negatives()));
                });
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
