package org.deepcovid.eval.report;

import java.util.Locale;
import java.util.Optional;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.eval.metrics.AucEstimate;
import org.deepcovid.eval.metrics.BinaryRates;
import org.deepcovid.eval.metrics.ConfusionMatrix;
import org.deepcovid.eval.metrics.Proportion;
import org.deepcovid.eval.metrics.ScoredLabels;

/** An evaluation as lines of at most 100 characters, in every locale with a decimal point. */
final class TextReport {

    private final Evaluation evaluation;
    private final StringBuilder text = new StringBuilder();

    TextReport(Evaluation evaluation) {
        this.evaluation = evaluation;
    }

    @Override
    public String toString() {
        text.setLength(0);
        data();
        rates();
        confusion();
        line("Scores of a research model. Not a diagnostic device.");
        return text.toString();
    }

    private void data() {
        ModelProvenance made = evaluation.provenance();
        Label positive = evaluation.labels().positive();
        ScoredLabels test = evaluation.scores();
        line(
                "fitted on %d images (%d %s), validated on %d (%d), epoch %d of %d, seed %d",
                made.training().images(),
                made.training().count(positive),
                positive,
                made.validation().images(),
                made.validation().count(positive),
                made.chosenEpoch(),
                made.config().epochs(),
                made.config().seed());
        line("tested on %d images (%d %s)", test.size(), test.positives(), positive);
        line(
                "weights   %s%s",
                made.weights().name(),
                made.weights().trained()
                        ? ""
                        : " (RANDOM: these numbers say nothing about the network)");
        line(
                "threshold %.4f: %s; chosen on %s",
                evaluation.threshold().value(),
                evaluation.threshold().rule(),
                evaluation.threshold().fittedOn());
        line("");
    }

    private void rates() {
        BinaryRates rates = evaluation.rates();
        line("%-28s %8s   %-16s %s", "test", "estimate", "95 % interval", "count");
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
        ConfusionMatrix m = evaluation.rates().counts();
        line("%-28s %12s %12s", "confusion matrix", "called covid", "called non");
        line("%-28s %12d %12d", "  covid", m.truePositives(), m.falseNegatives());
        line("%-28s %12d %12d", "  non", m.falsePositives(), m.trueNegatives());
        line("");
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
    }
}
