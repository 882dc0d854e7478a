package org.deepcovid.eval.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;

/**
 * Properties other than disease that separate the classes of a dataset: source and other
 * attributes, size, storage, brightness. A network can learn them instead of the disease.
 */
final class Shortcuts {

    private static final double STRIKING = 0.75;
    private static final double BY_CHANCE = 1e-4;
    private static final int MOST_VALUES = 20;
    static final String UNKNOWN = "unknown";

    private static final Set<String> SKIPPED = Set.of("finding", "other_label");

    private final LabelSet labels;
    private final List<ImageFacts> facts;
    private final List<AuditIssue> issues = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();

    private Shortcuts(LabelSet labels, List<ImageFacts> facts) {
        this.labels = labels;
        this.facts = facts;
    }

    /** Computes all; needs images of the positive class and of others. */
    static Shortcuts of(LabelSet labels, List<ImageFacts> facts) {
        Shortcuts shortcuts = new Shortcuts(labels, facts);
        shortcuts.properties();
        shortcuts.equalSizes();
        shortcuts.table("file kind", ImageFacts::kind);
        shortcuts.attributes();
        return shortcuts;
    }

    /** Tables for people. */
    List<String> lines() {
        return lines;
    }

    List<AuditIssue> issues() {
        return issues;
    }

    private void properties() {
        Map<String, ToDoubleFunction<ImageFacts>> properties = new LinkedHashMap<>();
        properties.put("short side", ImageFacts::shortSide);
        properties.put("width / height", ImageFacts::aspect);
        properties.put("bytes per pixel", ImageFacts::bytesPerPixel);
        properties.put("brightness", ImageFacts::brightness);
        properties.put("brightness of the border", ImageFacts::borderBrightness);
        lines.add("How well a single number tells the classes apart (area under the ROC curve;");
        lines.add("0.5 not at all, 1 or 0 perfectly):");
        properties.forEach(this::property);
    }

    private void property(String name, ToDoubleFunction<ImageFacts> property) {
        boolean[] positive = new boolean[facts.size()];
        double[] values = new double[facts.size()];
        for (int i = 0; i < values.length; i++) {
            positive[i] = isPositive(facts.get(i));
            values[i] = property.applyAsDouble(facts.get(i));
        }
        double auc = RocCurve.of(ScoredLabels.ofScores(positive, values)).auc();
        lines.add(String.format(Locale.ROOT, "  %-26s %.3f", name, auc));
        if (Math.max(auc, 1 - auc) >= STRIKING) {
            issues.add(
                    AuditIssue.hint(
                            "the %s alone tells the classes apart with an area of %s; a network may"
                                    + " learn that instead of disease",
                            name, String.format(Locale.ROOT, "%.3f", Math.max(auc, 1 - auc))));
        }
    }

    /** Reports sizes that so many images of one class only have that chance is no explanation. */
    private void equalSizes() {
        Map<String, List<ImageFacts>> sizes = new TreeMap<>();
        for (ImageFacts f : facts) {
            sizes.computeIfAbsent(
                            "%d x %d pixels (%s)".formatted(f.width(), f.height(), f.kind()),
                            unseen -> new ArrayList<>())
                    .add(f);
        }
        sizes.forEach(
                (size, of) -> {
                    boolean positive = isPositive(of.get(0));
                    double share =
                            facts.stream().filter(f -> isPositive(f) == positive).count()
                                    / (double) facts.size();
                    if (of.stream().allMatch(f -> isPositive(f) == positive)
                            && Math.pow(share, of.size()) < BY_CHANCE) {
                        issues.add(
                                AuditIssue.hint(
                                        "all %d images of %s are %s; a network may learn how they"
                                                + " were made",
                                        of.size(),
                                        size,
                                        positive ? labels.positive() : "not " + labels.positive()));
                    }
                });
    }

    private boolean isPositive(ImageFacts f) {
        return f.image().label().equals(labels.positive());
    }

    private void attributes() {
        Set<String> names = new LinkedHashSet<>();
        facts.forEach(f -> names.addAll(f.image().attributes().keySet()));
        for (String name : names) {
            if (!SKIPPED.contains(name)) {
                table(name, f -> value(f.image(), name));
            }
        }
    }

    static String value(LabelledImage image, String attribute) {
        return image.group(attribute).orElse(UNKNOWN);
    }

    private void table(String name, Function<ImageFacts, String> property) {
        Map<String, int[]> counts = new TreeMap<>();
        for (ImageFacts f : facts) {
            counts.computeIfAbsent(property.apply(f), unseen -> new int[labels.labels().size()])[
                    labels.positiveFirst().indexOf(f.image().label())]++;
        }
        if (counts.size() > MOST_VALUES || counts.keySet().equals(Set.of(UNKNOWN))) {
            return; // such as a number of its own for every image
        }
        lines.add("");
        lines.addAll(DatasetAudit.table(name, labels, counts));
        confounded(name, counts);
    }

    /** Reports values that only the positive class or only the rest has, also "unknown". */
    private void confounded(String name, Map<String, int[]> counts) {
        int alone = 0;
        for (int[] of : counts.values()) {
            int all = Arrays.stream(of).sum();
            alone += of[0] == 0 || of[0] == all ? all : 0;
        }
        if (counts.size() > 1 && alone == facts.size()) {
            issues.add(
                    AuditIssue.hint(
                            "confounded by %1$s: no %2$s image shares its %1$s with any other"
                                + " image; a network that recognises the %1$s would score as well"
                                + " as one that recognises the disease",
                            name, labels.positive()));
        } else if (alone > facts.size() * STRIKING) {
            issues.add(
                    AuditIssue.hint(
                            "%s tells the class of %d of %d images by itself",
                            name, alone, facts.size()));
        }
    }
}
