package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deepcovid.core.Recalibration;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.features.InputCheck;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.eval.audit.ShortcutAudit;
import org.deepcovid.eval.metrics.AucEstimate;
import org.deepcovid.eval.metrics.Proportion;
import org.deepcovid.eval.metrics.comparison.SubgroupTable;

/** Finds the reasons to be careful with the numbers of an evaluation. */
final class Warnings {

    private static final int FEW_TEST_POSITIVES = 100; // the paper had 100
    private static final int FEW_PATIENTS = 10; // whose spread the resampling cannot show
    private static final int FEW_FITTING_POSITIVES = 100;
    private static final int FEW_BELOW_THRESHOLD = 3;
    private static final String SYNTHETIC = "synthetic"; // the source of phantoms
    private static final double MUCH_UNLIKE = 0.05;

    private Warnings() {}

    /** All of an evaluation, the gravest first. */
    static List<Warning> of(Evaluation evaluation, Subgroups subgroups, SourceResults sources) {
        List<Warning> warnings =
                new ArrayList<>(ofImages(evaluation.labels(), evaluation.testImages()));
        warnings.addAll(ofNetwork(evaluation, subgroups, sources));
        return sorted(warnings);
    }

    private static List<Warning> sorted(List<Warning> warnings) {
        return warnings.stream().sorted().toList(); // stable
    }

    /** Those that the test images give reason to. */
    static List<Warning> ofImages(LabelSet labels, List<LabelledImage> test) {
        List<Warning> warnings = new ArrayList<>();
        Label positive = labels.positive();
        int positives = (int) test.stream().filter(i -> i.label().equals(positive)).count();
        if (positives > 0 && positives < FEW_TEST_POSITIVES) {
            warnings.add(
                    new Warning(
                            Warning.Kind.FEW_POSITIVES,
                            String.format(
                                    Locale.ROOT,
                                    "Few positives: the test part has only %s of %s; one image more"
                                            + " or less moves the sensitivity by %.1f percentage"
                                            + " points.",
                                    Format.plural(positives, positive + " image"),
                                    Format.plural(patients(test, positive, true), "patient"),
                                    100.0 / positives),
                            "Quote the interval, not the estimate alone, or test on more images."));
        }
        int fewest =
                IntStream.of(patients(test, positive, true), patients(test, positive, false))
                        .filter(patients -> patients > 0)
                        .min()
                        .orElse(0);
        if (fewest < FEW_PATIENTS) {
            warnings.add(
                    new Warning(
                            Warning.Kind.FEW_PATIENTS,
                            ("Few patients: a class of the test part has only %s; intervals from"
                                            + " resampled patients are %s.")
                                    .formatted(
                                            Format.plural(fewest, "patient"),
                                            fewest < 2
                                                    ? "absent"
                                                    : "unreliable, probably too narrow"),
                            "Test on images of more patients."));
        }
        long unknown = test.stream().filter(image -> !image.patientKnown()).count();
        if (unknown > 0) {
            warnings.add(
                    new Warning(
                            Warning.Kind.PATIENTS_UNKNOWN,
                            ("Patients unknown: the dataset does not name the patient of %d of the"
                                 + " %d test images. Images of one person may be in several parts,"
                                 + " which makes the results too good, and the intervals treat"
                                 + " images as independent, which makes them too narrow.")
                                    .formatted(unknown, test.size()),
                            "Name the patients in a manifest."));
        }
        if (test.stream().allMatch(i -> Subgroups.value(i, Subgroups.SOURCE).equals(SYNTHETIC))) {
            warnings.add(
                    new Warning(
                            Warning.Kind.SYNTHETIC,
                            "Synthetic images: all %d test images are drawn."
                                    .formatted(test.size()),
                            "Conclude nothing about any disease or person."));
        }
        if (positives > 0 && positives < test.size()) {
            confounders(labels, test)
                    .forEach(
                            attribute ->
                                    warnings.add(
                                            confounded(attribute, labels, test.size(), positives)));
        }
        return sorted(warnings);
    }

    private static Warning confounded(
            String attribute, LabelSet labels, int images, int positives) {
        return new Warning(
                Warning.Kind.CONFOUNDED,
                ("Confounded by %1$s: none of the %2$d %3$s test images shares its %1$s with any of"
                     + " the %4$d others. A network that recognises the %1$s instead of the disease"
                     + " would score as well.")
                        .formatted(attribute, positives, labels.positive(), images - positives),
                "Test on images of both labels from the same %s.".formatted(attribute));
    }

    /** Attributes no value of which occurs in both classes, the source first. */
    private static List<String> confounders(LabelSet labels, List<LabelledImage> test) {
        return Subgroups.present(test).stream()
                .filter(attribute -> !attribute.equals(Subgroups.FINDING)) // the label itself
                .filter(attribute -> separatesClasses(labels, test, attribute))
                .sorted(Comparator.comparing(attribute -> !attribute.equals(Subgroups.SOURCE)))
                .toList();
    }

    /** Of the positive images or the others; an image of an unknown patient is one by itself. */
    private static int patients(List<LabelledImage> images, Label positive, boolean of) {
        return (int)
                images.stream()
                        .filter(image -> image.label().equals(positive) == of)
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

    /** Those that the classifier, its scores and the audit give reason to. */
    static List<Warning> ofNetwork(
            Evaluation evaluation, Subgroups subgroups, SourceResults sources) {
        List<Warning> warnings = new ArrayList<>(ofGroups(subgroups));
        evaluation.shortcuts().ifPresent(audit -> warnings.addAll(ofShortcuts(audit)));
        chance(evaluation, sources, warnings);
        ModelProvenance made = evaluation.provenance();
        if (!made.weights().trained()) {
            warnings.add(
                    new Warning(
                            Warning.Kind.RANDOM_WEIGHTS,
                            "Random weights: the backbone was never trained; these numbers say"
                                    + " nothing about what this architecture can do.",
                            "Load trained weights."));
        }
        threshold(evaluation, warnings);
        if (made.history().size() > 1 && made.chosenEpoch() == made.history().size()) {
            warnings.add(
                    new Warning(
                            Warning.Kind.STOPPED_EARLY,
                            "Training may have stopped early: the last of %d epochs was the best."
                                    .formatted(made.history().size()),
                            "Train for more epochs."));
        }
        evaluation
                .oneClass()
                .ifPresent(
                        text ->
                                warnings.add(
                                        new Warning(
                                                Warning.Kind.ONE_CLASS,
                                                text,
                                                "Add images of the other class to say more.")));
        if (evaluation.oneClass().isEmpty() && evaluation.roc().auc() == 1) {
            warnings.add(
                    new Warning(
                            Warning.Kind.PERFECT_SEPARATION,
                            "Perfect separation of the %d test images, which real data seldom allow."
                                    .formatted(evaluation.testScores().size()),
                            "Look for a data leak or a shortcut (deepcovid audit)."));
        }
        labelSets(evaluation, warnings);
        remarks(evaluation, warnings);
        return sorted(warnings);
    }

    private static void labelSets(Evaluation evaluation, List<Warning> warnings) {
        double confidence = evaluation.confidence();
        List<String> few =
                evaluation
                        .decisions()
                        .labelSets()
                        .map(sets -> sets.tooFewFor(confidence))
                        .orElse(List.of());
        if (!few.isEmpty()) {
            warnings.add(
                    new Warning(
                            Warning.Kind.FEW_FOR_CONFIDENCE,
                            ("Too few images for sets of labels at a confidence of %s, so that"
                                            + " every set holds these labels: %s.")
                                    .formatted(confidence, String.join(", ", few)),
                            "Fit on more images, or ask for a lower confidence."));
        }
        String missed =
                AnswerResults.of(evaluation).coverage().stream()
                        .filter(group -> group.held().interval().upper() < confidence)
                        .map(group -> "%s %s".formatted(group.group(), Format.rate(group.held())))
                        .collect(Collectors.joining("; "));
        if (!missed.isEmpty()) {
            warnings.add(
                    new Warning(
                            Warning.Kind.COVERAGE,
                            ("Sets of labels hold the true label less often than the confidence of"
                                 + " %s says: %s. These images are not exchangeable with those"
                                 + " fitted to.")
                                    .formatted(confidence, missed),
                            "Do not rely on sets of labels for such images; recalibrate on a sample"
                                    + " of them."));
        }
    }

    private static void remarks(Evaluation evaluation, List<Warning> warnings) {
        int images = evaluation.testScores().size();
        Map<String, Integer> remarks = evaluation.remarks();
        evaluation
                .unlike()
                .filter(share -> share.successes() > 0)
                .ifPresent(share -> warnings.add(unlike(share, remarks)));
        remarks.forEach(
                (remark, count) -> {
                    if (!remark.startsWith(InputCheck.UNLIKE)) {
                        warnings.add(
                                new Warning(
                                        Warning.Kind.REMARK,
                                        "Remark on %d of %d test images: %s."
                                                .formatted(count, images, remark),
                                        "The file scores.csv of a report names them (--report)."));
                    }
                });
    }

    private static Warning unlike(Proportion share, Map<String, Integer> remarks) {
        String reasons =
                remarks.entrySet().stream()
                        .filter(remark -> remark.getKey().startsWith(InputCheck.UNLIKE))
                        .sorted(Comparator.comparing(remark -> -remark.getValue()))
                        .map(remark -> remark.getValue() + " " + reason(remark.getKey()))
                        .collect(Collectors.joining(", "));
        return new Warning(
                share.estimate() > MUCH_UNLIKE ? Warning.Kind.UNLIKE : Warning.Kind.REMARK,
                ("Unlike the training images: %d of %d test images (%s): %s. The scores of such"
                                + " images mean little.")
                        .formatted(
                                share.successes(),
                                share.total(),
                                Format.percent(share.estimate()),
                                reasons),
                "Look at them: scores.csv of a report (--report) has their distances.");
    }

    /** Of "unlike the training images (reason)". */
    private static String reason(String remark) {
        return remark.substring(InputCheck.UNLIKE.length() + 2, remark.length() - 1);
    }

    private static void chance(
            Evaluation evaluation, SourceResults sources, List<Warning> warnings) {
        Label positive = evaluation.labels().positive();
        if (evaluation.oneClass().isEmpty()) {
            AucEstimate auc = evaluation.roc().aucEstimate();
            if (auc.interval().lower() <= 0.5) {
                warnings.add(
                        new Warning(
                                Warning.Kind.CHANCE,
                                "%s than chance: the area under the ROC curve is %s on these images."
                                        .formatted(
                                                auc.interval().upper() < 0.5
                                                        ? "Worse"
                                                        : "Not shown to be better",
                                                Format.auc(auc)),
                                "Do not use the scores for such images."));
            }
        }
        sources.within()
                .filter(area -> !SourceResults.betterThanChance(area))
                .ifPresent(
                        area ->
                                warnings.add(
                                        new Warning(
                                                Warning.Kind.CONFOUNDED,
                                                ("Not shown to be better than chance within"
                                                     + " sources: among images of the same source"
                                                     + " (%s) the area under the ROC curve is %s."
                                                     + " The scores may tell sources apart instead"
                                                     + " of %s.")
                                                        .formatted(
                                                                String.join(", ", sources.mixed()),
                                                                Format.estimate(Optional.of(area)),
                                                                positive),
                                                "Test on more images of both labels from the same"
                                                        + " source.")));
    }

    /** Groups of few images in the tables of a report. */
    private static List<Warning> ofGroups(Subgroups subgroups) {
        String small =
                subgroups.tables().entrySet().stream()
                        .filter(e -> e.getValue().rows().stream().anyMatch(Subgroups::isSmall))
                        .map(Map.Entry::getKey)
                        .collect(Collectors.joining(", "));
        return small.isEmpty()
                ? List.of()
                : List.of(
                        new Warning(
                                Warning.Kind.SMALL_GROUPS,
                                ("Small groups: some groups by %s have fewer than %d images of a"
                                                + " class; the report marks them.")
                                        .formatted(small, SubgroupTable.DEFAULT_MINIMUM),
                                "Do not compare them: they may differ by chance alone."));
    }

    private static List<Warning> ofShortcuts(ShortcutAudit.Result audit) {
        return audit.findings().stream()
                .map(
                        finding ->
                                new Warning(
                                        Warning.Kind.SHORTCUT,
                                        "Shortcut in the %s, %s: %s"
                                                .formatted(
                                                        audit.part(),
                                                        finding.name(),
                                                        finding.text()),
                                        finding.advice() + "."))
                .toList();
    }

    private static void threshold(Evaluation evaluation, List<Warning> warnings) {
        ModelProvenance made = evaluation.provenance();
        Label positive = evaluation.labels().positive();
        if (made.pretrainedOn() > 0) {
            warnings.add(
                    new Warning(
                            Warning.Kind.PRETRAINED,
                            ("Pre-trained on images fitted to: the backbone itself was trained on"
                                            + " %d of the training and validation images, so that a"
                                            + " threshold chosen on them is too optimistic.")
                                    .formatted(made.pretrainedOn()),
                            "Use other weights, or choose the threshold on other images."));
        }
        List<Recalibration> samples = evaluation.decisions().recalibrations();
        boolean known = evaluation.fittingRates().isPresent() || !samples.isEmpty();
        int positives =
                evaluation
                        .fittingRates()
                        .map(rates -> rates.counts().positives())
                        .orElseGet(
                                () ->
                                        samples.isEmpty()
                                                ? made.training().count(positive)
                                                        + made.validation().count(positive)
                                                : samples.get(samples.size() - 1)
                                                        .sample()
                                                        .count(positive));
        if (positives < FEW_FITTING_POSITIVES) {
            warnings.add(
                    new Warning(
                            Warning.Kind.FEW_THRESHOLD_POSITIVES,
                            ("Few positives to choose the threshold on: %s%s, so that its"
                                            + " sensitivity is uncertain even on those images.")
                                    .formatted(
                                            known ? "" : "probably at most ",
                                            Format.plural(positives, positive + " image")),
                            "Fit on more images of that label."));
        }
        evaluation
                .fittingRates()
                .map(rates -> rates.counts().falseNegatives())
                .filter(below -> below < FEW_BELOW_THRESHOLD)
                .ifPresent(
                        below ->
                                warnings.add(
                                        new Warning(
                                                Warning.Kind.THRESHOLD_EDGE,
                                                ("Threshold at the edge: only %d of the %s images"
                                                     + " that it was chosen on score below it;"
                                                     + " another sample of images could move it"
                                                     + " far, and the specificity with it.")
                                                        .formatted(below, positive),
                                                "Ask for a lower sensitivity, or fit on more"
                                                        + " images.")));
    }

    /** What the numbers support and what they do not, by the gravest of sorted warnings. */
    static String conclusion(LabelSet labels, int images, List<Warning> warnings) {
        Label positive = labels.positive();
        Optional<Warning.Kind> gravest = warnings.stream().map(Warning::kind).min(Enum::compareTo);
        return switch (gravest.orElse(Warning.Kind.SMALL_GROUPS)) {
            case RANDOM_WEIGHTS ->
                    "These numbers show that the software works and nothing about %s: the network was"
                                    .formatted(positive)
                            + " never trained.";
            case SYNTHETIC ->
                    "These numbers show that the software works, and nothing about any disease: the"
                            + " images are drawn.";
            case CHANCE ->
                    "These numbers give no evidence that the classifier recognises %s in such images."
                            .formatted(positive);
            case CONFOUNDED ->
                    "These numbers do not show that the classifier recognises %s: in these images it"
                                    .formatted(positive)
                            + " is not separable from where or how they were taken.";
            case SHORTCUT ->
                    "These numbers do not show that the classifier recognises %s: the label can be"
                                    .formatted(positive)
                            + " predicted from properties of these images other than disease.";
            case ONE_CLASS ->
                    "These numbers say how often images of one class are called right, not how well"
                            + " the classes are told apart.";
            case PRETRAINED, NO_SKILL, PERFECT_SEPARATION, COVERAGE, UNLIKE ->
                    "These numbers describe %d images, with reservations that are listed under"
                                    .formatted(images)
                            + " Warnings; they do not say how the classifier does elsewhere.";
            default ->
                    "These numbers say how well %s is told from other labels on %d images; whether"
                                    .formatted(positive, images)
                            + " that holds for images of another hospital they do not say.";
        };
    }
}
