package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.List;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.provenance.ModelProvenance;

/**
 * A page about one network, in Markdown, to pass on with its file (after M. Mitchell et al., 2019,
 * doi 10.1145/3287560.3287596).
 */
public final class ModelCard {

    private final StringBuilder text = new StringBuilder();
    private final Report study;
    private final EvaluatedNetwork network;

    private ModelCard(Report study, EvaluatedNetwork network) {
        this.study = study;
        this.network = network;
    }

    /**
     * Writes the card.
     *
     * @param study that evaluated the network
     * @param name of the network in that study
     * @return Markdown
     * @throws IllegalArgumentException if the study has no network of that name
     */
    public static String of(Report study, String name) {
        EvaluatedNetwork network =
                study.networks().stream()
                        .filter(known -> known.name().equals(name))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "there is no network '%s'; expected one of %s"
                                                        .formatted(
                                                                name,
                                                                study.networks().stream()
                                                                        .map(EvaluatedNetwork::name)
                                                                        .toList())));
        return new ModelCard(study, network).write();
    }

    private String write() {
        line("# Model card: %s", network.name());
        line("");
        line("**%s**", SummarySection.NOTICE);
        line("");
        made();
        line("## Use");
        line("");
        line(
                "Research on such models: how they learn, fail and can be tested. Out of scope: any"
                        + " decision about a person, any image of another kind (other projections,"
                        + " children where there were none, other machines) without a new test.");
        line("");
        data();
        results();
        line("## Warnings");
        line("");
        List<String> warnings = new ArrayList<>(Warnings.of(study));
        warnings.addAll(Warnings.of(network));
        warnings.forEach(warning -> line("- %s", warning));
        Texts.limits().forEach(limit -> line("- %s", limit));
        return text.toString();
    }

    private void made() {
        BackboneSpec spec = network.evaluation().network();
        ModelProvenance made = network.evaluation().provenance();
        line("## What it is");
        line("");
        line(
                "- %s (%s), %d pixels square, with a linear layer for two classes; %s",
                spec.architecture(), spec.flavour(), spec.inputSize(), spec.paper());
        line(
                "- weights: %s%s, SHA-256 %s, licence %s",
                made.weights().name(),
                made.weights().trained() ? "" : " (RANDOM, never trained)",
                made.weights().sha256(),
                spec.licence());
        line("- trained at %s, by %s", made.trainedAt(), RecipeText.name(made.config()));
        line(
                "- seed %d, epoch %d of %d kept",
                made.config().seed(), made.chosenEpoch(), made.history().size());
        line("- made on %s", made.environment().summary());
        line("");
    }

    private void data() {
        ModelProvenance made = network.evaluation().provenance();
        line("## Data");
        line("");
        line("Dataset: %s", study.dataset());
        line("");
        line("| part | images | COVID | fingerprint |");
        line("| --- | --- | --- | --- |");
        line(
                "| training | %d | %d | %s |",
                made.training().images(), made.training().covidImages(), made.training().sha256());
        line(
                "| validation | %d | %d | %s |",
                made.validation().images(),
                made.validation().covidImages(),
                made.validation().sha256());
        line(
                "| test | %d | %d | %s |",
                study.testFingerprint().images(),
                study.testFingerprint().covidImages(),
                study.testFingerprint().sha256());
        line("");
    }

    private void results() {
        NetworkResults results = network.results();
        line("## Results on the test images");
        line("");
        line(
                "Threshold %s: %s; fitted on %s.",
                Format.threshold(network.evaluation().threshold().value()),
                network.evaluation().threshold().rule(),
                network.evaluation().threshold().fittedOn());
        line("");
        line("| figure | value, 95 %% interval |");
        line("| --- | --- |");
        line("| area under the ROC curve | %s |", Format.auc(results.auc()));
        line(
                "| average precision | %s |",
                Format.estimate(results.byPatient(TestMetric.AVERAGE_PRECISION)));
        line("| sensitivity | %s |", Format.rate(results.rates().sensitivity()));
        line("| specificity | %s |", Format.rate(results.rates().specificity()));
        line("| Brier score | %s |", Format.number(results.brier().score()));
        line("");
    }

    /** Values are escaped: a network or folder may be named with Markdown's signs. */
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
