package org.deepcovid.eval.report;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.provenance.DataFingerprint;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.core.runtime.RuntimeEnvironment;
import org.deepcovid.eval.metrics.AucEstimate;
import org.deepcovid.eval.metrics.ThresholdTable;
import org.deepcovid.eval.metrics.comparison.SubgroupTable;
import org.deepcovid.eval.report.figure.Figure;

/** Everything about one network. */
final class NetworkSection {

    private final Html html;
    private final EvaluatedNetwork network;
    private final NetworkResults results;

    private NetworkSection(Html html, EvaluatedNetwork network) {
        this.html = html;
        this.network = network;
        this.results = network.results();
    }

    static void write(Html html, EvaluatedNetwork network) {
        new NetworkSection(html, network).write();
    }

    private void write() {
        html.open("section", "id", network.anchor()).element("h2", "Network: " + network.name());
        threshold();
        RatesTable.of(results).write(html);
        html.element(
                "p",
                "The last two rows choose their thresholds on the test images, again in every"
                        + " resampling: they describe the curve, not a classifier.");
        RatesTable.predictiveValues(results).write(html);
        network.seeds().ifPresent(this::seeds);
        figures();
        CalibrationTable.of(results).write(html);
        thresholds().write(html);
        results.subgroups().forEach((attribute, table) -> subgroups(attribute, table).write(html));
        ErrorGallery.write(html, network);
        html.element("h3", "How it was made");
        HtmlTable.of("Network", network()).write(html);
        ModelProvenance made = network.evaluation().provenance();
        HtmlTable.of("Training", training(made)).write(html);
        HtmlTable.of("Machine and software", machine(made.environment())).write(html);
        html.close();
    }

    private void threshold() {
        html.element(
                "p",
                "An image is called covid if its score is at least %s: %s; fitted on %s.%s"
                        .formatted(
                                Format.threshold(network.evaluation().threshold().value()),
                                network.evaluation().threshold().rule(),
                                network.evaluation().threshold().fittedOn(),
                                there()));
    }

    private void seeds(SeedRuns seeds) {
        seeds.table().write(html);
        html.element(
                "p",
                "Seeds %s; the first is the network of this section. The spread is variation between"
                                .formatted(
                                        seeds.seeds().stream()
                                                .map(String::valueOf)
                                                .collect(Collectors.joining(", ")))
                        + " trainings on one split; the intervals above cover the sampling"
                        + " uncertainty of the test images.");
    }

    private String there() {
        return network.evaluation()
                .fittingRates()
                .map(
                        rates ->
                                " There, its sensitivity is %s and its specificity %s."
                                        .formatted(
                                                Format.rate(rates.sensitivity()),
                                                Format.rate(rates.specificity())))
                .orElse("");
    }

    private void figures() {
        html.element("h3", "Figures").open("div", "class", "figures");
        for (Figure figure : NetworkFigures.of(network)) {
            figure(html, figure);
        }
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

    private HtmlTable thresholds() {
        HtmlTable table =
                new HtmlTable(
                        "Rates at other thresholds, to describe the trade-off, not to choose"
                                + " from",
                        "threshold",
                        "sensitivity",
                        "specificity");
        for (ThresholdTable.Row row : results.thresholds().rows()) {
            table.row(
                    String.format(Locale.ROOT, "%.2f", row.threshold()),
                    Format.rate(row.rates().sensitivity()),
                    Format.rate(row.rates().specificity()));
        }
        return table;
    }

    private HtmlTable subgroups(String attribute, SubgroupTable groups) {
        boolean findings = attribute.equals(Subgroups.FINDING);
        HtmlTable table =
                new HtmlTable(
                        "Test images by " + attribute,
                        attribute,
                        "COVID",
                        "other",
                        "sensitivity",
                        "specificity",
                        findings ? "area, against all COVID images" : "area under the ROC curve",
                        "remark");
        for (SubgroupTable.Row row : groups.rows()) {
            Optional<AucEstimate> area =
                    findings
                            ? Optional.ofNullable(results.findingAreas().get(row.group()))
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
        ModelProvenance made = network.evaluation().provenance();
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("architecture", spec.architecture() + ", " + spec.flavour());
        rows.put("paper", spec.paper());
        rows.put("input", "%1$d x %1$d pixels, three channels".formatted(spec.inputSize()));
        rows.put("pooled features", String.valueOf(spec.featureChannels()));
        rows.put(
                "weights",
                made.weights().trained()
                        ? made.weights().name()
                        : made.weights().name() + " (RANDOM, never trained)");
        rows.put("weights, SHA-256", made.weights().sha256());
        rows.put("licence of the weights", spec.licence());
        return rows;
    }

    private static Map<String, String> training(ModelProvenance made) {
        Map<String, String> rows = new LinkedHashMap<>(RecipeText.rows(made.config()));
        rows.put(
                "kept epoch",
                "%d of %d, the one with the least validation loss"
                        .formatted(made.chosenEpoch(), made.history().size()));
        rows.put("training images", fingerprint(made.training()));
        rows.put("validation images", fingerprint(made.validation()));
        rows.put("trained at", made.trainedAt());
        return rows;
    }

    private static String fingerprint(DataFingerprint images) {
        return "%d, %d of them COVID; fingerprint %s"
                .formatted(images.images(), images.covidImages(), images.sha256());
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
