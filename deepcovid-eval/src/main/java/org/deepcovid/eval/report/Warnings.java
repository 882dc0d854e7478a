package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.eval.metrics.comparison.SubgroupTable;

/** Reasons to be careful with the numbers of a report; one or two sentences each. */
final class Warnings {

    private static final int FEW_TEST_POSITIVES = 100; // the paper had 100
    private static final int FEW_PATIENTS = 10; // whose spread the resampling cannot show
    private static final int FEW_FITTING_POSITIVES = 100;
    private static final int FEW_BELOW_THRESHOLD = 3;

    private Warnings() {}

    /** Those that hold for every network of the report. */
    static List<String> of(Report report) {
        List<String> warnings = new ArrayList<>();
        List<LabelledImage> test = report.split().test();
        int positives = report.testFingerprint().count(report.labels().positive());
        if (positives > 0 && positives < FEW_TEST_POSITIVES) {
            warnings.add(
                    String.format(
                            Locale.ROOT,
                            "Few positives: the test part has only %s of %s; one image more or less"
                                    + " moves the sensitivity by %.1f percentage points.",
                            Format.plural(positives, report.labels().positive() + " image"),
                            Format.plural(patients(report, true), "patient"),
                            100.0 / positives));
        }
        int fewest =
                IntStream.of(patients(report, true), patients(report, false))
                        .filter(patients -> patients > 0)
                        .min()
                        .orElse(0);
        if (fewest < FEW_PATIENTS) {
            warnings.add(
                    ("Few patients: a class of the test part has only %s; intervals from resampled"
                                    + " patients are %s.")
                            .formatted(
                                    Format.plural(fewest, "patient"),
                                    fewest < 2 ? "absent" : "unreliable, probably too narrow"));
        }
        if (test.stream().anyMatch(image -> !image.patientKnown())) {
            warnings.add(
                    "Patients unknown: the dataset does not name the patient of every test image."
                        + " Images of one person may be in several parts, which makes the results"
                        + " too good, and the intervals treat images as independent, which makes"
                        + " them too narrow.");
        }
        report.shortcuts().stream()
                .flatMap(audit -> audit.findings().stream())
                .map(
                        finding ->
                                "Shortcut in the images fitted to, %s: %s %s."
                                        .formatted(
                                                finding.name(), finding.text(), finding.advice()))
                .forEach(warnings::add);
        boolean bothClasses = positives > 0 && positives < test.size();
        Subgroups.present(test).stream()
                .filter(attribute -> bothClasses)
                .filter(attribute -> !attribute.equals(Subgroups.FINDING)) // the label itself
                .filter(attribute -> separatesClasses(report.labels(), test, attribute))
                .map(
                        attribute ->
                                ("Confounded by %1$s: no %2$s test image shares its %1$s with any"
                                     + " other test image. A network that recognises the %1$s"
                                     + " instead of the disease would score as well.")
                                        .formatted(attribute, report.labels().positive()))
                .forEach(warnings::add);
        return List.copyOf(warnings);
    }

    /**
     * Of the positive test images or the others; an image of an unknown patient is one by itself.
     */
    private static int patients(Report report, boolean positive) {
        return (int)
                report.split().test().stream()
                        .filter(i -> i.label().equals(report.labels().positive()) == positive)
                        .map(LabelledImage::patient)
                        .distinct()
                        .count();
    }

    /** Whether no value of an attribute occurs in both the positive class and the rest. */
    private static boolean separatesClasses(
            LabelSet labels, List<LabelledImage> images, String attribute) {
        Map<Boolean, Set<String>> values = new HashMap<>();
        for (LabelledImage image : images) {
            values.computeIfAbsent(
                            image.label().equals(labels.positive()), unseen -> new TreeSet<>())
                    .add(Subgroups.value(image, attribute));
        }
        Set<String> shared = new TreeSet<>(values.getOrDefault(true, Set.of()));
        shared.retainAll(values.getOrDefault(false, Set.of()));
        return shared.isEmpty();
    }

    /** Those that hold for one network. */
    static List<String> of(Evaluation evaluation, NetworkResults results) {
        List<String> warnings = new ArrayList<>();
        ModelProvenance made = evaluation.provenance();
        if (!made.weights().trained()) {
            warnings.add(
                    "Random weights: the backbone was never trained; these numbers say nothing"
                            + " about what this architecture can do.");
        }
        threshold(evaluation, warnings);
        if (made.history().size() > 1 && made.chosenEpoch() == made.history().size()) {
            warnings.add(
                    "Training may have stopped early: the last epoch was the best, so more epochs"
                            + " could give a better network.");
        }
        evaluation.oneClass().ifPresent(warnings::add);
        if (results.auc().filter(area -> area.auc() == 1).isPresent()) {
            warnings.add(
                    "Perfect separation of the test images: check for a data leak or a shortcut"
                            + " before relying on it.");
        }
        evaluation
                .remarks()
                .forEach(
                        (remark, count) ->
                                warnings.add(
                                        "Remark on %d of %d test images: %s."
                                                .formatted(
                                                        count,
                                                        evaluation.testScores().size(),
                                                        remark)));
        String small =
                results.subgroups().tables().entrySet().stream()
                        .filter(e -> e.getValue().rows().stream().anyMatch(Subgroups::isSmall))
                        .map(Map.Entry::getKey)
                        .collect(Collectors.joining(", "));
        if (!small.isEmpty()) {
            warnings.add(
                    ("Small groups: some groups by %s have fewer than %d images of a class; they"
                                    + " are marked, and may differ from others by chance alone.")
                            .formatted(small, SubgroupTable.DEFAULT_MINIMUM));
        }
        return List.copyOf(warnings);
    }

    private static void threshold(Evaluation evaluation, List<String> warnings) {
        ModelProvenance made = evaluation.provenance();
        Label positive = evaluation.labels().positive();
        boolean stored = evaluation.fittingRates().isEmpty();
        int positives =
                evaluation
                        .fittingRates()
                        .map(rates -> rates.counts().positives())
                        .orElse(
                                made.training().count(positive)
                                        + made.validation().count(positive));
        if (positives < FEW_FITTING_POSITIVES) {
            warnings.add(
                    ("Few positives to choose the threshold on: %s%s, so that its sensitivity is"
                                    + " uncertain even on those images.")
                            .formatted(
                                    stored ? "probably at most " : "",
                                    Format.plural(positives, positive + " image")));
        }
        evaluation
                .fittingRates()
                .map(rates -> rates.counts().falseNegatives())
                .filter(below -> below < FEW_BELOW_THRESHOLD)
                .ifPresent(
                        below ->
                                warnings.add(
                                        ("Threshold at the edge: only %d of the %s images that it"
                                             + " was chosen on score below it; another sample of"
                                             + " images could move it far, and the specificity with"
                                             + " it.")
                                                .formatted(below, positive)));
    }
}
