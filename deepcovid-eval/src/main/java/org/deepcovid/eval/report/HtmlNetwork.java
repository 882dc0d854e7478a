package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.provenance.DataFingerprint;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.core.runtime.RuntimeEnvironment;
import org.deepcovid.eval.figure.Figure;
import org.deepcovid.eval.metrics.AucEstimate;
import org.deepcovid.eval.metrics.BinaryRates;
import org.deepcovid.eval.metrics.Bootstrap;
import org.deepcovid.eval.metrics.ConfidenceInterval;
import org.deepcovid.eval.metrics.Proportion;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.ThresholdTable;
import org.deepcovid.eval.metrics.calibration.BrierScore;
import org.deepcovid.eval.metrics.calibration.CalibrationLine;
import org.deepcovid.eval.metrics.calibration.ReliabilityDiagram;
import org.deepcovid.eval.metrics.comparison.SubgroupTable;

/** The section of one network in the page. */
final class HtmlNetwork {

    private final Html html;
    private final EvaluatedNetwork network;
    private final NetworkResults results;
    private final String positive;

    private HtmlNetwork(Html html, EvaluatedNetwork network) {
        this.html = html;
        this.network = network;
        this.results = network.results();
        this.positive = network.evaluation().labels().positive().name();
    }

    static void write(Html html, EvaluatedNetwork network, List<Figure> figures) {
        new HtmlNetwork(html, network).write(figures);
    }

    private void write(List<Figure> figures) {
        html.open("section", "id", network.anchor()).element("h2", "Network: " + network.name());
        threshold();
        html.table(rates());
        network.evaluation().oneClass().ifPresent(text -> html.element("p", text));
        if (results.curves().isPresent()) {
            html.element(
                    "p",
                    "The last two rows use thresholds chosen on the test images, again in every"
                            + " resampling: they describe the curve, not a classifier.");
        }
        html.element("h3", "Figures").open("div", "class", "figures");
        figures.forEach(figure -> figure(html, figure));
        html.close();
        html.element("h3", "Tables");
        if (results.curves().isPresent()) {
            html.table(predictiveValues());
        }
        html.table(spread());
        answers();
        network.seeds().ifPresent(this::seeds);
        results.labels().ifPresent(all -> HtmlLabels.write(html, network.evaluation(), all));
        results.calibration().ifPresent(this::calibration);
        html.table(otherThresholds());
        results.subgroups().tables().entrySet().stream()
                .filter(table -> !table.getKey().equals(Subgroups.SOURCE)) // in the summary
                .forEach(table -> html.table(subgroups(table.getKey(), table.getValue())));
        ErrorGallery.write(html, network);
        html.element("h3", "How it was made");
        html.table(Html.Table.of("Network", network()));
        html.table(Html.Table.of("Training", training(network)));
        html.table(
                Html.Table.of("Machine and software", machine(network.provenance().environment())));
        html.close();
    }

    static void figure(Html html, Figure figure) {
        html.open("figure")
                .markup(figure.toInlineSvg())
                .open("figcaption")
                .element("strong", figure.title() + ".")
                .text(" " + figure.caption())
                .close()
                .close();
    }

    private void threshold() {
        String there =
                network.evaluation()
                        .fittingRates()
                        .map(
                                rates ->
                                        " On those, its sensitivity is %s and its specificity %s."
                                                .formatted(
                                                        Format.rate(rates.sensitivity()),
                                                        Format.rate(rates.specificity())))
                        .orElse("");
        html.element(
                "p",
                "The scores are %s.".formatted(network.evaluation().decisions().describeScores()));
        html.element(
                "p",
                "An image is called %s if its score is at least %s: %s; chosen on %s.%s"
                        .formatted(
                                positive,
                                Format.threshold(network.evaluation().threshold().value()),
                                network.evaluation().threshold().rule(),
                                network.evaluation().threshold().fittedOn(),
                                there));
    }

    private Html.Table rates() {
        Html.Table table =
                new Html.Table(
                        "Results on the test images",
                        "metric",
                        "value and 95 % interval",
                        "interval from resampled patients");
        Map<TestMetric, String> closedForm = closedForm();
        for (TestMetric metric : TestMetric.of(network.evaluation().scores())) {
            Optional<Bootstrap.Estimate> byPatient = results.byPatient(metric);
            String value = byPatient.map(e -> Format.number(e.value())).orElse(Format.NONE);
            table.row(
                    metric.words(),
                    closedForm.getOrDefault(metric, value),
                    byPatient
                            .flatMap(Bootstrap.Estimate::interval)
                            .map(interval -> interval(metric, interval))
                            .orElse(Format.NONE));
        }
        return table;
    }

    /** Values of the metrics whose interval has a closed form. */
    private Map<TestMetric, String> closedForm() {
        BinaryRates rates = results.rates().atThreshold();
        Map<TestMetric, String> values = new EnumMap<>(TestMetric.class);
        results.curves().ifPresent(curves -> closedForm(curves, values));
        values.put(TestMetric.SENSITIVITY, Format.rate(rates.sensitivity()));
        values.put(TestMetric.SPECIFICITY, Format.rate(rates.specificity()));
        values.put(TestMetric.PPV, Format.rate(rates.positivePredictiveValue()));
        values.put(TestMetric.NPV, Format.rate(rates.negativePredictiveValue()));
        values.put(TestMetric.ACCURACY, Format.rate(rates.accuracy()));
        return values;
    }

    private static void closedForm(NetworkResults.Curves curves, Map<TestMetric, String> values) {
        String method =
                switch (curves.auc().method()) {
                    case DELONG -> "DeLong";
                    case DELONG_LOGIT -> "DeLong on the logit scale";
                    case NEWCOMBE -> "Newcombe, since DeLong's is undefined here";
                };
        values.put(TestMetric.AUC, "%s (%s)".formatted(Format.auc(curves.auc()), method));
        values.put(
                TestMetric.AVERAGE_PRECISION,
                "%s; no skill %s"
                        .formatted(
                                Format.number(curves.precisionRecall().averagePrecision()),
                                Format.number(curves.precisionRecall().noSkillPrecision())));
    }

    private Html.Table spread() {
        Map<String, ScoredLabels> groups = results.subgroups().histograms();
        List<String> columns = new ArrayList<>(List.of("group", "images"));
        columns.addAll(ScoreSpread.of(network.evaluation().scores()).keySet());
        Html.Table table = new Html.Table("Spread of the scores", columns.toArray(String[]::new));
        groups.forEach(
                (group, scores) -> {
                    List<String> row = new ArrayList<>(List.of(group, "" + scores.size()));
                    ScoreSpread.of(scores).values().forEach(v -> row.add(Format.number(v)));
                    table.row(row.toArray(String[]::new));
                });
        return table;
    }

    private static String interval(TestMetric metric, ConfidenceInterval interval) {
        return switch (metric) {
            case SENSITIVITY, SPECIFICITY, PPV, NPV, ACCURACY -> Format.percents(interval);
            default -> Format.interval(interval);
        };
    }

    private void answers() {
        table(html, "Sets of labels of the test images", results.answers().coverageTable());
        table(html, "Calls without the least certain ones", results.answers().riskTable());
        results.answers().sentences().forEach(sentence -> html.element("p", sentence));
    }

    /** By source, for the summary. */
    static void sources(Html html, String caption, SourceResults sources) {
        table(html, caption, sources.table());
        sources.sentences().forEach(sentence -> html.element("p", sentence));
    }

    /** Rows, the header first; nothing without rows. */
    private static void table(Html html, String title, List<List<String>> rows) {
        if (!rows.isEmpty()) {
            html.table(Html.Table.of(title, rows));
        }
    }

    private Html.Table predictiveValues() {
        Html.Table table =
                new Html.Table(
                        "Predictive values at other prevalences of %s, from sensitivity and specificity"
                                .formatted(positive),
                        "prevalence",
                        "positive predictive value",
                        "negative predictive value");
        for (NetworkResults.PredictiveValues values : results.rates().predictiveValues()) {
            table.row(
                    String.format(Locale.ROOT, "%.0f %%", 100 * values.prevalence()),
                    Format.estimate(values.positive()),
                    Format.estimate(values.negative()));
        }
        return table;
    }

    private void seeds(SeedRuns runs) {
        html.table(
                Html.Table.of(
                        "%d trainings that differ in their seed only, each at its own threshold"
                                .formatted(runs.seeds().size()),
                        runs.table()));
        html.element(
                "p",
                "Seeds %s; the first is the network of this section. The spread is variation between"
                                .formatted(
                                        runs.seeds().stream()
                                                .map(String::valueOf)
                                                .collect(Collectors.joining(", ")))
                        + " trainings on one split; the intervals above cover the sampling"
                        + " uncertainty of the test images.");
    }

    private void calibration(CalibrationResults calibration) {
        html.table(calibrationMeasures(calibration));
        Html.Table bins =
                new Html.Table(
                        "Calibration by bins of equal width",
                        "score",
                        "images",
                        positive,
                        "mean score",
                        "share of %s images".formatted(positive));
        for (ReliabilityDiagram.Bin bin : calibration.equalWidth().bins()) {
            Proportion observed = bin.observed();
            bins.row(
                    String.format(Locale.ROOT, "%.1f to %.1f", bin.lower(), bin.upper()),
                    String.valueOf(observed.total()),
                    String.valueOf(observed.successes()),
                    Format.number(bin.meanScore()),
                    Format.share(Optional.of(observed)));
        }
        html.table(bins);
    }

    private Html.Table calibrationMeasures(CalibrationResults calibration) {
        BrierScore brier = calibration.brier();
        Optional<CalibrationLine> line = calibration.line();
        Html.Table table =
                new Html.Table("Calibration of the scores", "measure", "value", "meaning")
                        .row(
                                "average prediction, %s images".formatted(positive),
                                Format.number(calibration.averages().ofPositives()),
                                "mean score; 1 at best")
                        .row(
                                "average prediction, other images",
                                Format.number(calibration.averages().ofNegatives()),
                                "mean score; 0 at best")
                        .row(
                                "Brier score",
                                Format.number(brier.score()),
                                "mean squared error of the score, 0 at best; %s for the prevalence"
                                                .formatted(Format.number(brier.uncertainty()))
                                        + " alone")
                        .row(
                                "its parts",
                                "%s - %s + %s + %s"
                                        .formatted(
                                                Format.number(brier.reliability()),
                                                Format.number(brier.resolution()),
                                                Format.number(brier.uncertainty()),
                                                Format.number(brier.withinBins())),
                                "reliability - resolution + uncertainty + spread within bins")
                        .row(
                                "expected calibration error, equal width",
                                Format.number(calibration.equalWidth().expectedCalibrationError()),
                                "mean gap over %d bins, 0 at best"
                                        .formatted(CalibrationResults.BINS))
                        .row(
                                "expected calibration error, equal mass",
                                Format.number(calibration.equalMass().expectedCalibrationError()),
                                "the same over bins of equally many images")
                        .row(
                                "calibration slope",
                                line.map(l -> coefficient(l.slope()))
                                        .orElse("none: the scores separate the classes"),
                                "1 at best; below 1 the scores are too extreme")
                        .row(
                                "calibration intercept",
                                line.map(l -> coefficient(l.calibrationInTheLarge()))
                                        .orElse(Format.NONE),
                                "at slope 1; 0 at best, above 0 the scores are too low");
        for (CalibrationResults.Recalibration after : calibration.recalibrated()) {
            table.row(
                    "Brier score, calibration error after " + after.method(),
                    Format.number(after.brier()) + ", " + Format.number(after.expectedError()),
                    after.calibrator()
                            + "; fitted on the images that the threshold was chosen on; used in"
                            + " this row only");
        }
        return table;
    }

    private static String coefficient(CalibrationLine.Coefficient c) {
        return Format.number(c.estimate()) + " " + Format.interval(c.interval());
    }

    private Html.Table otherThresholds() {
        Html.Table table =
                new Html.Table(
                        "Rates at other thresholds, to describe the trade-off, not to choose"
                                + " from",
                        "threshold",
                        "sensitivity",
                        "specificity");
        for (ThresholdTable.Row row : results.rates().atOthers().rows()) {
            table.row(
                    String.format(Locale.ROOT, "%.2f", row.threshold()),
                    Format.rate(row.rates().sensitivity()),
                    Format.rate(row.rates().specificity()));
        }
        return table;
    }

    private Html.Table subgroups(String attribute, SubgroupTable groups) {
        boolean findings = attribute.equals(Subgroups.FINDING);
        Html.Table table =
                new Html.Table(
                        "Test images by " + attribute,
                        attribute,
                        positive,
                        network.evaluation().labels().rest(),
                        "sensitivity",
                        "specificity",
                        findings
                                ? "area, against all %s images".formatted(positive)
                                : "area under the ROC curve",
                        "remark");
        for (SubgroupTable.Row row : groups.rows()) {
            Optional<AucEstimate> area =
                    findings
                            ? Optional.ofNullable(
                                    results.subgroups().findingAreas().get(row.group()))
                            : row.auc();
            table.row(
                    row.group(),
                    String.valueOf(row.rates().counts().positives()),
                    String.valueOf(row.rates().counts().negatives()),
                    Format.rate(row.rates().sensitivity()),
                    Format.rate(row.rates().specificity()),
                    area.map(Format::auc).orElse(Format.NONE),
                    remark(row));
        }
        return table;
    }

    private static String remark(SubgroupTable.Row row) {
        boolean oneClass =
                row.rates().counts().positives() == 0 || row.rates().counts().negatives() == 0;
        return (Subgroups.isSmall(row) ? "small group; " : "") + (oneClass ? "one class only" : "");
    }

    private Map<String, String> network() {
        BackboneSpec spec = network.evaluation().network();
        ModelProvenance made = network.provenance();
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("architecture", spec.architecture() + ", " + spec.flavour());
        rows.put("paper", spec.paper());
        rows.put("input", "%1$d x %1$d pixels, three channels".formatted(spec.inputSize()));
        rows.put("pooled features", String.valueOf(spec.featureChannels()));
        rows.put(
                "weights",
                made.weights().name() + (network.trained() ? "" : " (RANDOM, never trained)"));
        rows.put("weights, SHA-256", made.weights().sha256());
        rows.put("licence of the weights", spec.licence());
        rows.put("precision", made.describePrecision());
        return rows;
    }

    private static Map<String, String> training(EvaluatedNetwork network) {
        ModelProvenance made = network.provenance();
        LabelSet labels = network.evaluation().labels();
        Map<String, String> rows = new LinkedHashMap<>(RecipeText.rows(made.config()));
        rows.put(
                "kept epoch",
                "%d of %d, the one with the lowest validation loss"
                        .formatted(made.chosenEpoch(), made.history().size()));
        rows.put("training images", fingerprint(made.training(), labels));
        rows.put("validation images", fingerprint(made.validation(), labels));
        rows.put("trained at", made.trainedAt());
        return rows;
    }

    private static String fingerprint(DataFingerprint images, LabelSet labels) {
        return "%d (%s); fingerprint %s"
                .formatted(images.images(), Format.counts(images, labels), images.sha256());
    }

    private static Map<String, String> machine(RuntimeEnvironment machine) {
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("processor", machine.cpu());
        rows.put(
                "engine",
                "%s%s, %s"
                        .formatted(
                                machine.backend(),
                                machine.oneDnn() ? " with oneDNN" : " without oneDNN",
                                Format.plural(machine.threads(), "thread")));
        rows.put("operating system", machine.operatingSystem());
        rows.put("Java", machine.javaVersion());
        rows.put("deepcovid", machine.libraryVersion());
        return rows;
    }
}
