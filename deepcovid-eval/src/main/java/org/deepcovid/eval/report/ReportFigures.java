package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.eval.figure.CurveFigures;
import org.deepcovid.eval.figure.Figure;
import org.deepcovid.eval.figure.SummaryFigures;
import org.deepcovid.eval.metrics.ConfusionTable;
import org.deepcovid.eval.metrics.RocCurve;

/**
 * The figures of a report.
 *
 * @param byNetwork figures of each network's section, by the name of the network
 * @param errors most confident errors of each network that has some; the page shows them one by one
 * @param comparison all ROC curves in one frame; empty for a single network
 * @param published published areas beside those of this run; empty where nothing is published
 */
record ReportFigures(
        Map<String, List<Figure>> byNetwork,
        Map<String, Figure> errors,
        Optional<Figure> comparison,
        Optional<Figure> published) {

    static ReportFigures of(ReportModel model) {
        Map<String, List<Figure>> byNetwork = new LinkedHashMap<>();
        Map<String, Figure> errors = new LinkedHashMap<>();
        for (EvaluatedNetwork network : model.report().networks()) {
            byNetwork.put(network.name(), of(network));
            errors(network).ifPresent(figure -> errors.put(network.name(), figure));
        }
        return new ReportFigures(
                byNetwork, errors, comparison(model.report()), published(model.published()));
    }

    /** Every figure, in the order of the report. */
    List<Figure> all() {
        List<Figure> figures = new ArrayList<>();
        byNetwork.forEach(
                (network, ofNetwork) -> {
                    figures.addAll(ofNetwork);
                    Optional.ofNullable(errors.get(network)).ifPresent(figures::add);
                });
        Stream.of(comparison, published).flatMap(Optional::stream).forEach(figures::add);
        return figures;
    }

    private static List<Figure> of(EvaluatedNetwork network) {
        NetworkResults results = network.results();
        double threshold = network.evaluation().threshold().value();
        LabelSet labels = network.evaluation().labels();
        String positive = labels.positive().name();
        String prefix = network.anchor();
        List<Figure> figures = new ArrayList<>();
        results.curves().ifPresent(curves -> figures.addAll(ofCurves(network, curves)));
        figures.add(
                SummaryFigures.confusion(
                        prefix + "-confusion",
                        "Confusion matrix",
                        "at the threshold",
                        ConfusionTable.of(
                                positive, labels.rest(), results.rates().atThreshold().counts())));
        results.labels().ifPresent(all -> figures.addAll(ofAllLabels(prefix, all)));
        results.curves()
                .map(c -> CurveFigures.thresholdSweep(prefix + "-sweep", c.roc(), threshold))
                .ifPresent(figures::add);
        figures.add(
                SummaryFigures.histograms(
                        prefix + "-scores", results.subgroups().histograms(), threshold));
        results.calibration()
                .map(CalibrationResults::equalWidth)
                .map(b -> SummaryFigures.calibration(prefix + "-calibration", positive, b))
                .ifPresent(figures::add);
        figures.add(CurveFigures.riskCoverage(prefix + "-risk-coverage", results.answers().risk()));
        if (network.evaluation().scores().hasBothClasses()) {
            figures.add(
                    CurveFigures.decisionCurve(
                            prefix + "-decision", network.evaluation().scores()));
        }
        ModelProvenance made = network.provenance();
        if (!made.history().isEmpty()) {
            figures.add(
                    CurveFigures.training(
                            prefix + "-training", made.history(), made.chosenEpoch()));
        }
        return figures;
    }

    private static List<Figure> ofCurves(EvaluatedNetwork network, NetworkResults.Curves curves) {
        Evaluation evaluation = network.evaluation();
        return List.of(
                CurveFigures.roc(
                        network.anchor() + "-roc",
                        curves.roc(),
                        curves.auc(),
                        evaluation.threshold().value(),
                        curves.band()),
                CurveFigures.precisionRecall(
                        network.anchor() + "-precision-recall",
                        evaluation.labels().positive().name(),
                        curves.precisionRecall(),
                        network.results().byPatient(TestMetric.AVERAGE_PRECISION)));
    }

    private static List<Figure> ofAllLabels(String prefix, LabelResults results) {
        return List.of(
                SummaryFigures.confusion(
                        prefix + "-confusion-labels",
                        "Confusion matrix of all labels",
                        "by the most likely label",
                        results.results().confusion()),
                CurveFigures.rocsByLabel(prefix + "-roc-labels", results.rocs()));
    }

    private static Optional<Figure> errors(EvaluatedNetwork network) {
        List<SummaryFigures.Thumbnail> thumbnails = new ArrayList<>();
        for (Examples.Example error : network.examples().wrong()) {
            String caption =
                    "%s, score %s"
                            .formatted(
                                    error.image().truth().name(),
                                    Format.number(error.image().positiveProbability()));
            thumbnails.add(
                    new SummaryFigures.Thumbnail(error.picture().toBufferedImage(), caption));
            error.evidence()
                    .map(evidence -> evidence.overlay().toBufferedImage())
                    .map(overlay -> new SummaryFigures.Thumbnail(overlay, "evidence"))
                    .ifPresent(thumbnails::add);
        }
        return thumbnails.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        SummaryFigures.thumbnails(
                                network.anchor() + "-errors", "Most confident errors", thumbnails));
    }

    private static Optional<Figure> comparison(Report report) {
        Map<String, RocCurve> curves = new LinkedHashMap<>();
        for (EvaluatedNetwork network : report.networks()) {
            network.results().curves().ifPresent(c -> curves.put(network.name(), c.roc()));
        }
        return curves.size() < 2
                ? Optional.empty()
                : Optional.of(CurveFigures.comparedRocs("comparison-roc", curves));
    }

    private static Optional<Figure> published(List<ReportModel.Published> published) {
        List<SummaryFigures.AreaPair> areas = new ArrayList<>();
        for (ReportModel.Published entry : published) {
            String label = entry.paper().label();
            areas.add(
                    new SummaryFigures.AreaPair(
                            entry.network().trained() ? label : label + " (random)",
                            entry.paper().auc(),
                            entry.network().results().auc().orElseThrow()));
        }
        return areas.isEmpty()
                ? Optional.empty()
                : Optional.of(SummaryFigures.publishedAreas("published-auc", areas));
    }
}
