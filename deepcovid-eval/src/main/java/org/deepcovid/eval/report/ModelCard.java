package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.provenance.DataFingerprint;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.eval.audit.ShortcutAudit;

/**
 * A page about one network in Markdown, for whoever receives the classifier file (after M. Mitchell
 * et al., 2019, doi 10.1145/3287560.3287596).
 */
final class ModelCard {

    private final StringBuilder text = new StringBuilder();
    private final ReportModel model;
    private final EvaluatedNetwork network;

    private ModelCard(ReportModel model, EvaluatedNetwork network) {
        this.model = model;
        this.network = network;
    }

    static String of(ReportModel model, EvaluatedNetwork network) {
        return new ModelCard(model, network).write();
    }

    private String write() {
        line("# Model card: %s", network.name());
        line("");
        line("%s", model.conclusion(network));
        line("");
        line("**%s**", ReportModel.NOTICE);
        line("");
        made();
        line("## Use");
        line("");
        line(
                "Research on such models: training, testing and analysis of errors. Out of scope:"
                        + " any decision about a person; any image of another kind (other"
                        + " projections, age groups or machines) without a new test.");
        line("");
        data();
        results();
        line("## Warnings");
        line("");
        model.warnings(network).forEach(warning -> line("- %s", warning.toString()));
        Texts.limits().forEach(limit -> line("- %s", limit));
        return text.toString();
    }

    private void made() {
        BackboneSpec spec = network.evaluation().network();
        ModelProvenance made = network.provenance();
        line("## What it is");
        line("");
        line(
                "- %s (%s), %d pixels square, with a linear layer for the labels %s; %s",
                spec.architecture(),
                spec.flavour(),
                spec.inputSize(),
                String.join(", ", network.evaluation().labels().names()),
                spec.paper());
        line(
                "- weights: %s%s, SHA-256 %s, licence %s",
                made.weights().name(),
                made.weights().trained() ? "" : " (RANDOM, never trained)",
                made.weights().sha256(),
                spec.licence());
        line("- trained at %s, with %s", made.trainedAt(), RecipeText.name(made.config()));
        line(
                "- seed %d, epoch %d of %d kept",
                made.config().seed(), made.chosenEpoch(), made.history().size());
        line("- precision: %s", made.describePrecision());
        line("- made on %s", made.environment().summary());
        line("");
    }

    private void data() {
        ModelProvenance made = network.provenance();
        List<String> labels =
                network.evaluation().labels().counted().stream().map(Label::name).toList();
        line("## Data");
        line("");
        line(
                model.data().isTestOnly()
                        ? "The test images are of %s. The network was fitted before, on training"
                                + " and validation images that this report did not read."
                        : "All images are of %s.",
                model.report().dataset());
        line("");
        model.report().reading().forEach(reading -> line("- %s", reading));
        line("");
        header(
                Stream.of(List.of("part", "images"), labels, List.of("fingerprint"))
                        .flatMap(List::stream)
                        .toList());
        part("training", made.training());
        part("validation", made.validation());
        part("test", model.report().testFingerprint());
        line("");
    }

    private void part(String part, DataFingerprint images) {
        List<String> cells = new ArrayList<>(List.of(part, String.valueOf(images.images())));
        for (Label label : network.evaluation().labels().counted()) {
            cells.add(String.valueOf(images.count(label)));
        }
        cells.add(images.sha256());
        row(cells);
    }

    private void header(List<String> columns) {
        row(columns);
        row(Collections.nCopies(columns.size(), "---"));
    }

    private void row(List<String> cells) {
        text.append("| ")
                .append(String.join(" | ", cells.stream().map(ModelCard::escaped).toList()))
                .append(" |\n");
    }

    private void results() {
        NetworkResults results = network.results();
        line("## Results on the test images");
        line("");
        line("Scores: %s.", network.evaluation().decisions().describeScores());
        line("");
        line(
                "Threshold %s: %s; chosen on %s.",
                Format.threshold(network.evaluation().threshold().value()),
                network.evaluation().threshold().rule(),
                network.evaluation().threshold().fittedOn());
        line("");
        network.evaluation().oneClass().ifPresent(text -> line("%s%n", text));
        header(List.of("metric", "value, 95 % interval"));
        row(List.of("area under the ROC curve", Format.auc(results.auc())));
        byPatient(TestMetric.AVERAGE_PRECISION);
        row(List.of("sensitivity", Format.rate(results.rates().atThreshold().sensitivity())));
        row(List.of("specificity", Format.rate(results.rates().atThreshold().specificity())));
        results.calibration()
                .map(calibration -> Format.number(calibration.brier().score()))
                .ifPresent(brier -> row(List.of("Brier score", brier)));
        if (network.evaluation().oneClass().isPresent()) {
            TestMetric.of(network.evaluation().scores()).forEach(this::byPatient);
            ScoreSpread.of(network.evaluation().scores())
                    .forEach((name, value) -> row(List.of("score, " + name, Format.number(value))));
        }
        line("");
        results.labels().ifPresent(this::allLabels);
        network.seeds().ifPresent(this::seeds);
        List<List<String>> sources = results.sources().table();
        if (!sources.isEmpty()) {
            table(sources);
        }
        results.sources().sentences().forEach(sentence -> line("%s", sentence));
        line("");
        if (!results.answers().coverage().isEmpty()) {
            table(results.answers().coverageTable());
        }
        results.answers().sentences().forEach(sentence -> line("%s", sentence));
        line("");
        model.report().folds().ifPresent(this::folds);
        model.report().shortcuts().ifPresent(this::shortcuts);
        model.report().stress().ifPresent(this::stress);
    }

    private void table(List<List<String>> rows) {
        header(rows.get(0));
        rows.stream().skip(1).forEach(this::row);
        line("");
    }

    private void seeds(SeedRuns runs) {
        line("%d trainings that differ in their seed only:", runs.seeds().size());
        line("");
        table(runs.table());
    }

    private void folds(FoldResults results) {
        line("## Cross-validation");
        line("");
        line("%s.", results.summary());
        line("");
        table(results.foldTable());
        table(results.measureTable());
        results.remarks().forEach(remark -> line("%s.%n", remark));
        line("%s", FoldResults.EXPLANATION);
        line("");
    }

    private void shortcuts(ShortcutAudit.Result audit) {
        line("## Shortcut audit");
        line("");
        line("%s", Shortcuts.summary(audit));
        line("");
        table(Shortcuts.rows(audit));
        audit.findings().forEach(finding -> line("- %s %s.", finding.text(), finding.advice()));
        audit.notes().forEach(note -> line("- %s", note));
        line("");
    }

    private void stress(StressTest test) {
        line("## %s", StressTest.TITLE);
        line("");
        line("%s", StressTest.EXPLANATION);
        line("");
        table(test.table());
    }

    private void byPatient(TestMetric metric) {
        row(
                List.of(
                        metric.words() + ", patients resampled",
                        Format.estimate(network.results().byPatient(metric))));
    }

    private void allLabels(LabelResults all) {
        line("The most likely label, and each label against all others:");
        line("");
        table(all.table());
        line("Accuracy %s.", Format.rate(all.results().confusion().accuracy()));
        line("");
    }

    /** Values are escaped: names of networks and folders may contain Markdown markup. */
    private void line(String format, Object... values) {
        Object[] safe = new Object[values.length];
        for (int i = 0; i < values.length; i++) {
            safe[i] = values[i] instanceof String word ? escaped(word) : values[i];
        }
        text.append(format.formatted(safe)).append('\n');
    }

    private static String escaped(String words) {
        return words.replaceAll("([\\\\`*_{}<>#|\\[\\]&])", "\\\\$1").replaceAll("\\R", " ");
    }
}
