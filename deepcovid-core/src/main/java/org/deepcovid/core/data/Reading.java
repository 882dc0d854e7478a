package org.deepcovid.core.data;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toList;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a dataset was read.
 *
 * @param source name of the dataset
 * @param layout name of the layout that was recognised
 * @param licence of the images, as published; blank if the layout does not say
 * @param rules by which ambiguous images were decided, one sentence each
 * @param exclusions images that were left out, in the order in which they were found
 */
public record Reading(
        String source,
        String layout,
        String licence,
        List<String> rules,
        List<Exclusion> exclusions) {

    public Reading {
        requireNonNull(source, "source is null");
        requireNonNull(layout, "layout is null");
        requireNonNull(licence, "licence is null");
        rules = List.copyOf(rules);
        exclusions = List.copyOf(exclusions);
    }

    /**
     * An image that was left out.
     *
     * @param file the image
     * @param reason general reason, and after a colon details, if there are any
     */
    public record Exclusion(Path file, String reason) {

        public Exclusion {
            requireNonNull(file, "file is null");
            requireNonNull(reason, "reason is null");
        }

        /** The reason without details. */
        public String kind() {
            return reason.replaceFirst(": .*", "");
        }
    }

    /** A copy with further rules and exclusions. */
    Reading with(List<String> moreRules, List<Exclusion> more) {
        return new Reading(
                source,
                layout,
                licence,
                Stream.concat(rules.stream(), moreRules.stream()).toList(),
                Stream.concat(exclusions.stream(), more.stream()).toList());
    }

    /** Whether no image was left out or decided by a rule. */
    boolean isPlain() {
        return rules.isEmpty() && exclusions.isEmpty();
    }

    /** Layout, rules and numbers of images left out, one sentence per line. */
    public List<String> describe() {
        List<String> lines = new ArrayList<>();
        lines.add("%s is read as: %s".formatted(source, layout));
        rules.forEach(rule -> lines.add("  rule: " + rule));
        describe(exclusions).forEach(line -> lines.add("  " + line));
        return lines;
    }

    /** Numbers of images left out by reason, one sentence per line. */
    public static List<String> describe(List<Exclusion> exclusions) {
        Map<String, List<Exclusion>> kinds =
                exclusions.stream()
                        .collect(Collectors.groupingBy(Exclusion::kind, TreeMap::new, toList()));
        List<String> lines = new ArrayList<>();
        kinds.forEach(
                (kind, images) ->
                        lines.add(
                                "left out: %d, %s, such as %s"
                                        .formatted(images.size(), kind, images.get(0).file())));
        return lines;
    }
}
