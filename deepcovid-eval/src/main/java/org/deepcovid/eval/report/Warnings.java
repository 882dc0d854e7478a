package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.eval.metrics.comparison.SubgroupTable;

/** Reasons to be careful with the numbers of a report; one or two sentences each. */
final class Warnings {

    private static final int FEW_TEST_POSITIVES = 100; // the paper had 100
    private static final int FEW_FITTING_POSITIVES = 100;

    private static final int FEW_BELOW_THRESHOLD = 3;

    private Warnings() {}

    /** What holds for every network of the study. */
    static List<String> of(Report study) {
        List<String> warnings = new ArrayList<>();
        DatasetSplit split = study.split();
        int covid = study.testFingerprint().covidImages();
        if (covid < FEW_TEST_POSITIVES) {
            warnings.add(
                    String.format(
                            Locale.ROOT,
                            "Few positives: the test part has only %s; one image more or less moves"
                                    + " the sensitivity by %.1f percentage points.",
                            Format.plural(covid, "COVID image"),
                            100.0 / covid));
        }
        if (split.test().stream().anyMatch(image -> !image.patientKnown())) {
            warnings.add(
                    "Patients unknown: the dataset does not name the patient of every test image."
                        + " Images of one person may be in several parts, which makes the results"
                        + " too good, and the intervals treat images as independent, which makes"
                        + " them too narrow.");
        }
        warnings.addAll(confounded(split.test()));
        return warnings;
    }

    /**
     * Attributes without a value that both classes share: the classes differ in more than disease.
     */
    private static List<String> confounded(List<LabelledImage> images) {
        List<String> warnings = new ArrayList<>();
        for (String attribute : Subgroups.present(images)) {
            if (attribute.equals(Subgroups.FINDING)) {
                continue; // the label itself
            }
            Map<Label, Set<String>> values = new HashMap<>();
            for (LabelledImage image : images) {
                values.computeIfAbsent(image.label(), unseen -> new TreeSet<>())
                        .add(Subgroups.value(image, attribute));
            }
            Set<String> shared = new TreeSet<>(values.getOrDefault(Label.COVID, Set.of()));
            shared.retainAll(values.getOrDefault(Label.NON_COVID, Set.of()));
            if (shared.isEmpty()) {
                warnings.add(
                        ("Confounded by %1$s: no COVID test image shares its %1$s with any other"
                             + " test image. A network that recognises the %1$s instead of the"
                             + " disease would score as well.")
                                .formatted(attribute));
            }
        }
        return warnings;
    }

    /** What holds for one network. */
    static List<String> of(EvaluatedNetwork network) {
        List<String> warnings = new ArrayList<>();
        ModelProvenance made = network.evaluation().provenance();
        if (!made.weights().trained()) {
            warnings.add(
                    "Random weights: the backbone was never trained; these numbers say nothing"
                            + " about what this architecture can do.");
        }
        int positives = fittingPositives(network.evaluation());
        if (positives < FEW_FITTING_POSITIVES) {
            boolean stored = network.evaluation().fittingRates().isEmpty();
            warnings.add(
                    ("Few positives to fit the threshold on: %s%s; the sensitivity that the rule"
                                    + " aimed at is uncertain already there.")
                            .formatted(
                                    stored ? "at most " : "",
                                    Format.plural(positives, "COVID image")));
        }
        thinlySupported(network.evaluation()).ifPresent(warnings::add);
        if (made.history().size() > 1 && made.chosenEpoch() == made.history().size()) {
            warnings.add(
                    "Training may have stopped early: the last epoch was the best, so more epochs"
                            + " could give another network.");
        }
        if (network.results().roc().auc() == 1) {
            warnings.add(
                    "Perfect separation of the test images: look for a leak or a shortcut before"
                            + " believing it.");
        }
        warnings.addAll(smallGroups(network));
        return warnings;
    }

    /** A threshold below all but one or two of the positives moves far with one image more. */
    private static Optional<String> thinlySupported(Evaluation evaluation) {
        return evaluation
                .fittingRates()
                .map(rates -> rates.counts().falseNegatives())
                .filter(below -> below < FEW_BELOW_THRESHOLD)
                .map(
                        below ->
                                ("Threshold at the edge: only %d of the COVID images that it was"
                                     + " chosen on score below it; another sample of images could"
                                     + " move it far, and the specificity with it.")
                                        .formatted(below));
    }

    /** COVID images that the threshold was chosen on; for a stored one, all that it can be. */
    private static int fittingPositives(Evaluation evaluation) {
        return evaluation
                .fittingRates()
                .map(rates -> rates.counts().positives())
                .orElseGet(
                        () ->
                                evaluation.provenance().training().covidImages()
                                        + evaluation.provenance().validation().covidImages());
    }

    private static List<String> smallGroups(EvaluatedNetwork network) {
        List<String> attributes = new ArrayList<>();
        network.results()
                .subgroups()
                .forEach(
                        (attribute, table) -> {
                            if (table.rows().stream().anyMatch(Subgroups::isSmall)) {
                                attributes.add(attribute);
                            }
                        });
        return attributes.isEmpty()
                ? List.of()
                : List.of(
                        ("Small groups: some groups by %s have fewer than %d images of a class;"
                             + " they are marked, and differ from others by chance alone.")
                                .formatted(
                                        String.join(", ", attributes),
                                        SubgroupTable.DEFAULT_MINIMUM));
    }
}
