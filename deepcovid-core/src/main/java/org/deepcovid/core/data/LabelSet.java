package org.deepcovid.core.data;

import static java.util.Objects.requireNonNull;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The labels of a task, in the order of a classifier's outputs.
 *
 * @param labels at least two, all different; unmodifiable
 * @param positive the positive class of metrics and thresholds
 */
public record LabelSet(List<Label> labels, Label positive) {

    /** Output 0 for {@link Label#NON_COVID}, output 1 for {@link Label#COVID}, the positive one. */
    public static final LabelSet COVID =
            new LabelSet(List.of(Label.NON_COVID, Label.COVID), Label.COVID);

    /**
     * @throws IllegalArgumentException if there are fewer than two labels, or duplicates, or the
     *     positive one is not among them
     */
    public LabelSet {
        labels = List.copyOf(labels);
        requireNonNull(positive, "positive is null");
        if (labels.size() < 2
                || new HashSet<>(labels).size() < labels.size()
                || !labels.contains(positive)) {
            throw new IllegalArgumentException(
                    "labels %s, positive %s; expected two or more different labels with the positive one among them"
                            .formatted(labels, positive));
        }
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
        String word = text.strip().toLowerCase(Locale.ROOT);
        return labels.stream().filter(label -> label.name().equals(word)).findFirst();
    }
}
