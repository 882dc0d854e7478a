package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.eval.audit.ShortcutAudit;
import org.deepcovid.eval.metrics.AucEstimate;
import org.deepcovid.eval.metrics.BinaryRates;
import org.deepcovid.eval.metrics.ClassResults;
import org.deepcovid.eval.metrics.ClassResults.Average;
import org.deepcovid.eval.metrics.ClassResults.Measure;
import org.deepcovid.eval.metrics.ConfusionTable;
import org.deepcovid.eval.metrics.Proportion;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;

/** An evaluation as lines of at most 100 characters, in every locale with a decimal point. */
final class TextReport {

    private static final int WIDTH = 100;

    private final Evaluation evaluation;
    private final SourceResults sources;
    private final StringBuilder text = new StringBuilder();

    TextReport(Evaluation evaluation) {
        this.evaluation = evaluation;
        this.sources = SourceResults.of(evaluation);
    }

    @Override
    public String toString() {
        text.setLength(0);
        data();
        rates();
        confusion();
        sources();
        evaluation.shortcuts().ifPresent(this::shortcuts);
        warnings();
        line("Scores of a research model. Not a diagnostic device.");
        return text.toString();
    }

    private void sources() {
        sources.toText().lines().forEach(row -> line("%s", row));
        line("");
    }

    private void shortcuts(ShortcutAudit.Result audit) {
        line("Shortcut audit of the %s (%d)", audit.part(), audit.images());
        audit.table().forEach(row -> paragraph("", row));
        line("");
    }

    private void warnings() {
        List<Warning> warnings =
                Warnings.of(evaluation, NetworkResults.subgroups(evaluation), sources);
        paragraph(
                "",
                Warnings.conclusion(evaluation.labels(), evaluation.testScores().size(), warnings));
        warnings.forEach(warning -> paragraph("! ", warning.toString()));
        line("");
    }

    private void paragraph(String start, String words) {
        Format.wrapped(start, words, WIDTH).forEach(part -> line("%s", part));
    }

    private void data() {
        ModelProvenance made = evaluation.provenance();
        Label positive = evaluation.labels().positive();
        ScoredLabels test = evaluation.scores();
        line(
                "fitted on %d images (%d %s), validated on %d (%d), epoch %d of %d, seed %d",
                made.training().images(),
                made.training().count(positive),
                fit(positive.name(), 28),
                made.validation().images(),
                made.validation().count(positive),
                made.chosenEpoch(),
                made.config().epochs(),
                made.config().seed());
        line(
                "tested on %d images (%d %s)",
                test.size(), test.positives(), fit(positive.name(), 60));
        line(
                "unlike the training images: %s",
                evaluation
                        .unlike()
                        .map(
                                share ->
                                        String.format(
                                                Locale.ROOT,
                                                "%d (%.1f %%)",
                                                share.successes(),
                                                100 * share.estimate()))
                        .orElse("not known, the classifier has no input check"));
        line(
                "weights   %s%s",
                made.weights().name(),
                made.weights().trained()
                        ? ""
                        : " (RANDOM: these numbers say nothing about the network)");
        line("scores    %s", evaluation.decisions().describeScores());
        paragraph(
                "",
                String.format(
                        Locale.ROOT,
                        "threshold %.4f: %s; chosen on %s",
                        evaluation.threshold().value(),
                        evaluation.threshold().rule(),
                        evaluation.threshold().fittedOn()));
        evaluation
                .threshold()
                .review()
                .ifPresent(
                        range ->
                                line(
                                        "review    %.4f to %.4f: %s",
                                        range.lower(), range.upper(), range.rule()));
        line("");
    }

    private void rates() {
        BinaryRates rates = evaluation.rates();
        line("%-28s %8s   %-16s %s", "test", "estimate", "95 % interval", "count");
        if (evaluation.oneClass().isPresent()) {
            oneClass(rates);
            return;
        }
        AucEstimate auc = evaluation.roc().aucEstimate();
        line(
                "%-28s %8.4f   [%.4f, %.4f]",
                "area under the ROC curve",
                auc.auc(),
                auc.interval().lower(),
                auc.interval().upper());
        line("%-28s %8.4f", "average precision", evaluation.precisionRecall().averagePrecision());
        rate("sensitivity", rates.sensitivity());
        rate("specificity", rates.specificity());
        rate("positive predictive value", rates.positivePredictiveValue());
        rate("negative predictive value", rates.negativePredictiveValue());
        rate("accuracy", Optional.of(rates.accuracy()));
        line("");
    }

    private void oneClass(BinaryRates rates) {
        rates.sensitivity().ifPresent(rate -> rate("sensitivity", Optional.of(rate)));
        rates.specificity().ifPresent(rate -> rate("specificity", Optional.of(rate)));
        ScoreSpread.of(evaluation.scores())
                .forEach((name, value) -> line("%-28s %8.4f", "score, " + name, value));
        line("");
    }

    private void rate(String name, Optional<Proportion> rate) {
        if (rate.isEmpty()) {
            line("%-28s %8s", name, "none"); // nothing to divide by
            return;
        }
        Proportion p = rate.get();
        line(
                "%-28s %8.4f   [%.4f, %.4f] %d/%d",
                name,
                p.estimate(),
                p.interval().lower(),
                p.interval().upper(),
                p.successes(),
                p.total());
    }

    private void confusion() {
        LabelSet labels = evaluation.labels();
        ConfusionTable table =
                ConfusionTable.of(
                        labels.positive().name(), labels.rest(), evaluation.rates().counts());
        confusion("confusion matrix", table);
        if (labels.several() && evaluation.hasSeveralTruths()) {
            ClassResults all = ClassResults.of(evaluation.classScores());
            confusion("most likely label", all.confusion());
            allLabels(all);
        }
    }

    /** Columns are numbered where their names would not fit. */
    private void confusion(String title, ConfusionTable table) {
        List<String> names = table.names();
        boolean named = names.size() <= 4;
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            columns.add(
                    named
                            ? "%12s".formatted("called " + fit(names.get(i), 72 / names.size() - 8))
                            : "%5d".formatted(i + 1));
        }
        line("%-28s %s", title, String.join(" ", columns));
        for (int row = 0; row < names.size(); row++) {
            String label = fit((named ? "  " : row + 1 + " ") + names.get(row), 28);
            StringBuilder counts = new StringBuilder("%-28s".formatted(label));
            for (int column = 0; column < names.size(); column++) {
                String width = "%" + columns.get(column).length() + "d";
                counts.append(' ').append(width.formatted(table.count(row, column)));
            }
            line("%s", counts);
        }
        line("");
    }

    private void allLabels(ClassResults all) {
        line(
                "%-28s %6s %9s %7s %7s   %-25s %9s",
                "each label against others",
                "images",
                "precision",
                "recall",
                "F1",
                "area under the ROC curve",
                "av. prec.");
        for (ClassResults.OneVersusRest label : all.classes()) {
            String area =
                    label.roc().map(RocCurve::aucEstimate).map(TextReport::area).orElse("none");
            measures(label.name(), label.cases(), area, measure -> measure.of(label));
        }
        for (Average average : Average.values()) {
            measures(
                    LabelResults.words(average),
                    all.confusion().total(),
                    String.format(Locale.ROOT, "%.4f", all.average(average, Measure.AUC)),
                    measure -> OptionalDouble.of(all.average(average, measure)));
        }
        line("");
        rate("accuracy, most likely label", Optional.of(all.confusion().accuracy()));
        line("%-28s %8.4f", "balanced accuracy", all.confusion().balancedAccuracy());
        line("");
    }

    private void measures(
            String name, int images, String area, Function<Measure, OptionalDouble> value) {
        line(
                "%-28s %6d %9s %7s %7s   %-25s %9s",
                fit(name, 28),
                images,
                number(value.apply(Measure.PRECISION)),
                number(value.apply(Measure.RECALL)),
                number(value.apply(Measure.F1)),
                area,
                number(value.apply(Measure.AVERAGE_PRECISION)));
    }

    private static String area(AucEstimate auc) {
        return String.format(
                Locale.ROOT,
                "%.4f [%.4f, %.4f]",
                auc.auc(),
                auc.interval().lower(),
                auc.interval().upper());
    }

    private static String number(OptionalDouble value) {
        return value.isPresent()
                ? String.format(Locale.ROOT, "%.4f", value.getAsDouble())
                : Format.NONE;
    }

    private static String fit(String name, int letters) {
        return name.length() <= letters ? name : name.substring(0, letters - 3) + "...";
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
    }
}
