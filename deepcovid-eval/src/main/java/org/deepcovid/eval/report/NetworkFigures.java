package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.eval.metrics.AucEstimate;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.report.figure.CurveFigures;
import org.deepcovid.eval.report.figure.Figure;
import org.deepcovid.eval.report.figure.SummaryFigures;

/** The figures of a report. */
final class NetworkFigures {

    private NetworkFigures() {}

    /** Those of one network that its section shows. */
    static List<Figure> of(EvaluatedNetwork network) {
        NetworkResults results = network.results();
        double threshold = network.evaluation().threshold().value();
        String prefix = network.anchor();
        List<Figure> figures = new ArrayList<>();
        figures.add(
                CurveFigures.roc(
                        prefix + "-roc",
                        results.roc(),
                        results.auc(),
                        threshold,
                        Optional.of(results.band())));
        figures.add(
                CurveFigures.precisionRecall(
                        prefix + "-precision-recall",
                        results.precisionRecall(),
                        results.byPatient(TestMetric.AVERAGE_PRECISION)));
        figures.add(SummaryFigures.confusion(prefix + "-confusion", results.rates().counts()));
        figures.add(CurveFigures.thresholdSweep(prefix + "-sweep", results.roc(), threshold));
        figures.add(SummaryFigures.histograms(prefix + "-scores", results.groups(), threshold));
        figures.add(SummaryFigures.calibration(prefix + "-calibration", results.reliability()));
        ModelProvenance made = network.evaluation().provenance();
        if (!made.history().isEmpty()) {
            figures.add(
                    CurveFigures.training(
                            prefix + "-training", made.history(), made.chosenEpoch()));
        }
        return figures;
    }

    /** The most confident errors in one picture; the page shows them one by one instead. */
    static Optional<Figure> errors(EvaluatedNetwork network) {
        List<SummaryFigures.Thumbnail> tiles = new ArrayList<>();
        for (ErrorExample error : network.errors()) {
            String caption =
                    "%s, score %s"
                            .formatted(
                                    error.image().truth().name(),
                                    Format.number(error.image().covidProbability()));
            tiles.add(new SummaryFigures.Thumbnail(Pictures.buffered(error.picture()), caption));
            error.overlay()
                    .ifPresent(
                            overlay ->
                                    tiles.add(
                                            new SummaryFigures.Thumbnail(
                                                    Pictures.buffered(overlay), "evidence")));
        }
        return tiles.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        SummaryFigures.thumbnails(
                                network.anchor() + "-errors", "Most confident errors", tiles));
    }

    /** All ROC curves in one frame; empty for a single network. */
    static Optional<Figure> comparison(Report study) {
        Map<String, RocCurve> curves = new LinkedHashMap<>();
        study.networks().forEach(network -> curves.put(network.name(), network.results().roc()));
        return curves.size() < 2
                ? Optional.empty()
                : Optional.of(CurveFigures.comparedRocs("comparison-roc", curves));
    }

    /** Published areas beside those of this run; empty where nothing is published. */
    static Optional<Figure> published(Report study) {
        List<SummaryFigures.AreaPair> rows = new ArrayList<>();
        for (EvaluatedNetwork network : study.networks()) {
            PublishedSection.published(study, network)
                    .ifPresent(
                            paper -> {
                                AucEstimate auc = network.results().auc();
                                rows.add(
                                        new SummaryFigures.AreaPair(
                                                label(paper, network), paper.auc(), auc));
                            });
        }
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(SummaryFigures.publishedAreas("published-auc", rows));
    }

    private static String label(PublishedResult paper, EvaluatedNetwork network) {
        return network.evaluation().provenance().weights().trained()
                ? paper.label()
                : paper.label() + " (random)";
    }

    /** Every figure of a report, in its order. */
    static List<Figure> all(Report study) {
        List<Figure> figures = new ArrayList<>();
        for (EvaluatedNetwork network : study.networks()) {
            figures.addAll(of(network));
            errors(network).ifPresent(figures::add);
        }
        comparison(study).ifPresent(figures::add);
        published(study).ifPresent(figures::add);
        return figures;
    }
}
