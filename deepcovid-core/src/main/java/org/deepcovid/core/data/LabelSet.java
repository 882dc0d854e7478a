package org.deepcovid.core.data;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The labels of a task, in the order of a classifier's outputs.
 *
 * @param labels at least two, which differ in more than case; unmodifiable
 * @param positive the positive class of metrics, thresholds and augmentation
 */
public record LabelSet(List<Label> labels, Label positive) {

    /** Output 0 for {@link Label#NON_COVID}, output 1 for {@link Label#COVID}, the positive one. */
    public static final LabelSet COVID =
            new LabelSet(List.of(Label.NON_COVID, Label.COVID), Label.COVID);

    private static final Set<String> COVID_NAMES = Set.of("covid", "covid19");

    /**
     * @throws IllegalArgumentException if there are fewer than two labels, or equal ones, or the
     *     positive one is not among them
     */
    public LabelSet {
        labels = List.copyOf(labels);
        requireNonNull(positive, "positive is null");
        long different = labels.stream().map(label -> key(label.name())).distinct().count();
        if (labels.size() < 2 || different < labels.size() || !labels.contains(positive)) {
            throw new IllegalArgumentException(
                    "labels %s, positive %s; expected two or more different labels with the positive one among them"
                            .formatted(labels, positive));
        }
    }

    /**
     * The labels that a dataset names, as readers choose them.
     *
     * <p>If {@code covid} and {@code non} are among the names, in any case, the labels are these
     * two, as in {@link #COVID}: {@code non} stands for all other classes, so that any further name
     * is a mistake. Otherwise the labels are all names as written, sorted alphabetically, ignoring
     * case. Names that differ in case alone are one label, in the first spelling.
     *
     * @param names at least two different ones; the names {@code covid} and {@code non} may be
     *     missing
     * @param positive name of the positive label; if empty, the only one named {@code covid} or
     *     {@code covid19}, ignoring case and punctuation
     * @throws IllegalArgumentException if there are too few names, a name cannot be a label, or the
     *     positive label is not among the names or not clear
     */
    public static LabelSet of(Collection<String> names, Optional<String> positive) {
        Map<String, Label> labels = new LinkedHashMap<>();
        names.forEach(name -> labels.putIfAbsent(key(name), new Label(name.strip())));
        if (labels.keySet().containsAll(COVID.names())
                || COVID.names().containsAll(labels.keySet())) {
            return ordered(COVID.labels(), positive);
        }
        if (labels.size() < 2) {
            throw new IllegalArgumentException(
                    "the only label is %s; expected two or more".formatted(labels.values()));
        }
        return ordered(
                labels.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(Map.Entry::getValue)
                        .toList(),
                positive);
    }

    /** Whether names include covid and non, so that other names among them are mistakes. */
    static boolean isBinary(Collection<String> names, LabelSet expected) {
        List<String> keys = names.stream().map(LabelSet::key).toList();
        return expected.labels().equals(COVID.labels()) && keys.containsAll(COVID.names());
    }

    /** The labels of images. */
    static LabelSet of(Stream<LabelledImage> images) {
        return of(
                images.map(LabelledImage::label).distinct().map(Label::name).toList(),
                Optional.empty());
    }

    private static LabelSet ordered(List<Label> labels, Optional<String> positive) {
        List<Label> candidates =
                labels.stream()
                        .filter(
                                label ->
                                        positive.isPresent()
                                                ? key(label.name()).equals(key(positive.get()))
                                                : COVID_NAMES.contains(
                                                        key(label.name())
                                                                .replaceAll("[^a-z0-9]", "")))
                        .toList();
        if (candidates.size() == 1) {
            return new LabelSet(labels, candidates.get(0));
        }
        throw new IllegalArgumentException(
                positive.map(
                                name ->
                                        "the positive label '%s' is none of the labels %s"
                                                .formatted(name, labels))
                        .orElse(
                                ("which of the labels %s is the positive one is not clear; choose"
                                                + " it with --positive NAME"
                                                + " (DatasetOptions.withPositive)")
                                        .formatted(labels)));
    }

    private static String key(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }

    /** Whether there are more than two labels. */
    public boolean several() {
        return labels.size() > 2;
    }

    /** The labels beside the positive one, in their order. */
    public List<Label> others() {
        return labels.stream().filter(label -> !label.equals(positive)).toList();
    }

    /** The positive label, then the others. */
    public List<Label> positiveFirst() {
        return Stream.concat(Stream.of(positive), others().stream()).toList();
    }

    /** The positive label alone if there is one other; all, the positive first, of more. */
    public List<Label> counted() {
        return several() ? positiveFirst() : List.of(positive);
    }

    /** The name of everything but the positive label: the other label, or {@code not POSITIVE}. */
    public String rest() {
        return several() ? "not " + positive : others().get(0).name();
    }

    /** The names of the labels, in their order. */
    public List<String> names() {
        return labels.stream().map(Label::name).toList();
    }

    /**
     * Position of a label among a classifier's outputs.
     *
     * @param label one of the labels
     * @return 0 or more
     * @throws IllegalArgumentException if the label is not in this set
     */
    public int indexOf(Label label) {
        int index = labels.indexOf(label);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "label %s; expected one of %s".formatted(label, labels));
        }
        return index;
    }

    /**
     * Reads a label as written in a folder name or manifest, ignoring case and outer blanks.
     *
     * @param text such as {@code "covid"} or {@code "Non"}
     * @return the label, or empty if there is none of that name
     */
    public Optional<Label> parse(String text) {
        return labels.stream().filter(label -> key(label.name()).equals(key(text))).findFirst();
    }

    /** Requires the label of every image to be one of these. */
    void requireLabelsOf(List<LabelledImage> images) {
        for (LabelledImage image : images) {
            if (!labels.contains(image.label())) {
                throw new IllegalArgumentException(
                        "image %s has the label %s; expected one of %s"
                                .formatted(image.id(), image.label(), labels));
            }
        }
    }
}
