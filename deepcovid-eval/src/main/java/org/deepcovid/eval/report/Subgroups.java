package org.deepcovid.eval.report;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.eval.metrics.AucEstimate;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.comparison.SubgroupTable;

/**
 * Test images of one network, grouped by the columns of a manifest.
 *
 * @param tables rates by attribute; one table per attribute that at least one image has
 * @param findingAreas area of all positive images against the other images of each finding; empty
 *     where the dataset names no findings
 * @param histograms scores by label; of two labels where the dataset distinguishes normal images
 *     from other findings, of the positive label and of these
 */
record Subgroups(
        Map<String, SubgroupTable> tables,
        Map<String, AucEstimate> findingAreas,
        Map<String, ScoredLabels> histograms) {

    static final String SOURCE = "source";
    static final String FINDING = "finding";
    static final String AGE = "age";

    /** Columns of a manifest that a report uses. */
    static final List<String> ATTRIBUTES = List.of(SOURCE, FINDING, "scanner", "view", "sex", AGE);

    static final String UNKNOWN = "unknown";

    private static final int MOST_GROUPS = 20;
    private static final String OTHERS = "other values";
    private static final String NORMAL = "normal";
    private static final String OTHER_FINDINGS = "other findings";

    static Subgroups of(
            LabelSet labels, ScoredLabels scores, List<LabelledImage> images, double threshold) {
        return new Subgroups(
                tables(scores, images, threshold),
                findingAreas(scores, images),
                histograms(labels, scores, images));
    }

    private static Map<String, SubgroupTable> tables(
            ScoredLabels scores, List<LabelledImage> images, double threshold) {
        Map<String, SubgroupTable> tables = new LinkedHashMap<>();
        for (String attribute : present(images)) {
            List<String> groups = values(images, attribute);
            tables.put(attribute, SubgroupTable.of(scores, fewer(groups), threshold));
        }
        return tables;
    }

    /** The attributes that at least one image has. */
    static List<String> present(List<LabelledImage> images) {
        return ATTRIBUTES.stream()
                .filter(
                        attribute ->
                                images.stream().anyMatch(i -> !value(i, attribute).equals(UNKNOWN)))
                .toList();
    }

    /** The value of an attribute of every image; ages as bands, absent ones as unknown. */
    static List<String> values(List<LabelledImage> images, String attribute) {
        return images.stream().map(image -> value(image, attribute)).toList();
    }

    static String value(LabelledImage image, String attribute) {
        return image.group(attribute).orElse(UNKNOWN);
    }

    /**
     * Whether a group has few images of a class, but some. (Groups of one class are common, such as
     * findings, and may be large.)
     */
    static boolean isSmall(SubgroupTable.Row row) {
        return few(row.rates().counts().positives()) || few(row.rates().counts().negatives());
    }

    private static boolean few(int images) {
        return images > 0 && images < SubgroupTable.DEFAULT_MINIMUM;
    }

    private static Map<String, AucEstimate> findingAreas(
            ScoredLabels scores, List<LabelledImage> images) {
        Map<String, AucEstimate> areas = new LinkedHashMap<>();
        if (!present(images).contains(FINDING)) {
            return areas;
        }
        List<String> values = values(images, FINDING);
        for (String finding : new TreeSet<>(values)) {
            scores.where(row -> scores.isPositive(row) || values.get(row).equals(finding))
                    .filter(ScoredLabels::hasBothClasses)
                    .ifPresent(cases -> areas.put(finding, RocCurve.of(cases).aucEstimate()));
        }
        return areas;
    }

    /** Replaces rare values where there are many, such as one per hospital. */
    private static List<String> fewer(List<String> values) {
        Map<String, Integer> counts = new TreeMap<>();
        values.forEach(value -> counts.merge(value, 1, Integer::sum));
        if (counts.size() <= MOST_GROUPS) {
            return values;
        }
        Set<String> kept =
                new HashSet<>(
                        counts.entrySet().stream()
                                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                                .limit(MOST_GROUPS - 1L)
                                .map(Map.Entry::getKey)
                                .toList());
        return values.stream().map(value -> kept.contains(value) ? value : OTHERS).toList();
    }

    private static Map<String, ScoredLabels> histograms(
            LabelSet labels, ScoredLabels scores, List<LabelledImage> images) {
        boolean byFinding =
                labels.labels().size() == 2
                        && images.stream()
                                .filter(image -> !image.label().equals(labels.positive()))
                                .anyMatch(image -> panel(image).equals(NORMAL));
        List<String> panels =
                images.stream()
                        .map(
                                image ->
                                        byFinding && !image.label().equals(labels.positive())
                                                ? panel(image)
                                                : image.label().name())
                        .toList();
        Map<String, ScoredLabels> groups = new LinkedHashMap<>();
        Stream.concat(
                        labels.positiveFirst().stream().map(Label::name),
                        Stream.of(NORMAL, OTHER_FINDINGS))
                .forEach(
                        panel ->
                                scores.where(row -> panels.get(row).equals(panel))
                                        .ifPresent(found -> groups.put(panel, found)));
        return groups;
    }

    private static String panel(LabelledImage image) {
        return switch (value(image, FINDING).toLowerCase(Locale.ROOT)) {
            case "no finding", "normal", "no findings" -> NORMAL;
            default -> OTHER_FINDINGS;
        };
    }
}
