package org.deepcovid.core.provenance;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;

/**
 * The sources, scanners, views, sexes and age bands that a classifier was fitted on. Names no
 * patient.
 *
 * @param byAttribute number of images by attribute, value and label; values are those of {@link
 *     LabelledImage#group}, or {@value #UNKNOWN}; unmodifiable
 */
public record FittedGroups(Map<String, Map<String, Map<String, Integer>>> byAttribute) {

    /** The value of an image whose attribute is not known. */
    public static final String UNKNOWN = "unknown";

    /** The attributes, where images have them. */
    public static final List<String> ATTRIBUTES =
            List.of("source", "scanner", "view", "sex", "age");

    public FittedGroups {
        Map<String, Map<String, Map<String, Integer>>> copy = new LinkedHashMap<>();
        byAttribute.forEach(
                (attribute, values) -> {
                    Map<String, Map<String, Integer>> inner = new LinkedHashMap<>();
                    values.forEach(
                            (value, counts) ->
                                    inner.put(
                                            value,
                                            Collections.unmodifiableMap(
                                                    new LinkedHashMap<>(counts))));
                    copy.put(attribute, Collections.unmodifiableMap(inner));
                });
        byAttribute = Collections.unmodifiableMap(copy);
    }

    /** Counts images; empty if none of them has one of the attributes. */
    public static Optional<FittedGroups> of(LabelSet labels, List<LabelledImage> images) {
        Map<String, Map<String, Map<String, Integer>>> all = new LinkedHashMap<>();
        for (String attribute : ATTRIBUTES) {
            if (images.stream().anyMatch(image -> image.group(attribute).isPresent())) {
                all.put(attribute, counts(labels, images, attribute));
            }
        }
        return all.isEmpty() ? Optional.empty() : Optional.of(new FittedGroups(all));
    }

    private static Map<String, Map<String, Integer>> counts(
            LabelSet labels, List<LabelledImage> images, String attribute) {
        Map<String, Map<String, Integer>> counts = new TreeMap<>();
        for (LabelledImage image : images) {
            Map<String, Integer> byLabel =
                    counts.computeIfAbsent(
                            image.group(attribute).orElse(UNKNOWN), v -> new LinkedHashMap<>());
            labels.names().forEach(name -> byLabel.putIfAbsent(name, 0));
            byLabel.merge(image.label().name(), 1, Integer::sum);
        }
        return counts;
    }

    /**
     * Whether images with a value of an attribute were fitted to.
     *
     * @return empty if the value is unknown, or no image's value was known in fitting
     */
    public Optional<Boolean> wasFitted(String attribute, String value) {
        Map<String, Map<String, Integer>> values = byAttribute.get(attribute);
        return values == null || value.equals(UNKNOWN)
                ? Optional.empty()
                : Optional.of(values.containsKey(value));
    }
}
