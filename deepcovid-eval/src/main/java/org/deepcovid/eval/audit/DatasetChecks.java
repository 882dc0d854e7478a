package org.deepcovid.eval.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.NearCopies;
import org.deepcovid.core.data.SplitPart;

/** Checks of files, patients and sizes. */
final class DatasetChecks {

    private static final int MOST_NAMED = 5;

    private final List<ImageFacts> facts;
    private final List<AuditIssue> issues = new ArrayList<>();

    private DatasetChecks(List<ImageFacts> facts) {
        this.facts = facts;
    }

    /**
     * Runs all checks.
     *
     * @param smallest shorter sides below this are reported
     */
    static List<AuditIssue> of(List<ImageFacts> facts, int smallest) {
        DatasetChecks checks = new DatasetChecks(facts);
        checks.equalImages();
        checks.nearCopies();
        checks.patients();
        checks.sizes(smallest);
        return checks.issues;
    }

    private void equalImages() {
        Map<String, List<LabelledImage>> equal = new LinkedHashMap<>();
        facts.forEach(
                f -> equal.computeIfAbsent(f.pixels(), unseen -> new ArrayList<>()).add(f.image()));
        List<String> copies = new ArrayList<>();
        for (List<LabelledImage> images : equal.values()) {
            if (images.size() > 1 && !isProblem(images, "equal images", "several")) {
                copies.add(ids(images));
            }
        }
        if (!copies.isEmpty()) {
            issues.add(
                    AuditIssue.hint(
                            "images that are in a part more than once: %d: %s",
                            copies.size(), some(copies)));
        }
    }

    /** Pairs of equal images are reported as such. */
    private void nearCopies() {
        Map<LabelledImage, String> pixels = new HashMap<>();
        facts.forEach(f -> pixels.put(f.image(), f.pixels()));
        List<String> copies = new ArrayList<>();
        for (NearCopies.Copies pair :
                NearCopies.of(facts.stream().map(ImageFacts::image).toList())) {
            List<LabelledImage> images = List.of(pair.first(), pair.second());
            if (differ(images, pixels::get) && !isProblem(images, "near copies", "two")) {
                copies.add(ids(images));
            }
        }
        if (!copies.isEmpty()) {
            issues.add(
                    AuditIssue.hint(
                            "near copies within a part: %d: %s", copies.size(), some(copies)));
        }
    }

    /** Whether copies have different labels or parts, which is added as a problem. */
    private boolean isProblem(List<LabelledImage> copies, String what, String number) {
        if (differ(copies, LabelledImage::label)) {
            issues.add(AuditIssue.problem("%s with %s labels: %s", what, number, ids(copies)));
            return true;
        }
        if (differ(copies, LabelledImage::part)) {
            issues.add(AuditIssue.problem("%s in %s parts: %s", what, number, ids(copies)));
            return true;
        }
        return false;
    }

    private static boolean differ(
            List<LabelledImage> images, Function<LabelledImage, Object> property) {
        return images.stream().map(property).distinct().count() > 1;
    }

    private void patients() {
        long unknown = facts.stream().filter(f -> !f.image().patientKnown()).count();
        if (unknown > 0) {
            issues.add(
                    AuditIssue.hint(
                            "the patient is not known for %d of %d images; one person's images may"
                                    + " be in several parts, which flatters results",
                            unknown, facts.size()));
        }
        Map<String, Set<Label>> labels = new TreeMap<>();
        facts.stream()
                .map(ImageFacts::image)
                .filter(LabelledImage::patientKnown)
                .forEach(
                        image ->
                                labels.computeIfAbsent(image.patient(), p -> new HashSet<>())
                                        .add(image.label()));
        List<String> both =
                labels.entrySet().stream()
                        .filter(entry -> entry.getValue().size() > 1)
                        .map(Map.Entry::getKey)
                        .toList();
        if (!both.isEmpty()) {
            issues.add(
                    AuditIssue.hint(
                            "%d patients have images of several classes (a course of disease, or an"
                                    + " error): %s",
                            both.size(), some(both)));
        }
    }

    private void sizes(int smallest) {
        List<String> small =
                facts.stream()
                        .filter(f -> f.shortSide() < smallest)
                        .map(f -> "%s (%d x %d)".formatted(f.image().id(), f.width(), f.height()))
                        .toList();
        if (!small.isEmpty()) {
            issues.add(
                    AuditIssue.hint(
                            "%d images are smaller than %d pixels and would be enlarged: %s",
                            small.size(), smallest, some(small)));
        }
        Map<String, List<String>> remarks = new TreeMap<>();
        for (ImageFacts image : facts) {
            for (String remark : image.remarks()) {
                remarks.computeIfAbsent(remark, text -> new ArrayList<>()).add(image.image().id());
            }
        }
        remarks.forEach(
                (remark, images) ->
                        issues.add(
                                AuditIssue.hint(
                                        "remark on %d images: %s: %s",
                                        images.size(), remark, some(images))));
    }

    private static String ids(List<LabelledImage> images) {
        return some(
                images.stream()
                        .map(
                                image ->
                                        image.id()
                                                + image.part()
                                                        .map(SplitPart::folderName)
                                                        .map(part -> " (" + part + ")")
                                                        .orElse(""))
                        .toList());
    }

    /** The first few of many. */
    static String some(List<String> words) {
        String shown = String.join(", ", words.subList(0, Math.min(MOST_NAMED, words.size())));
        return words.size() > MOST_NAMED
                ? "%s and %d more".formatted(shown, words.size() - MOST_NAMED)
                : shown;
    }
}
