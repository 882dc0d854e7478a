package org.deepcovid.core.training;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deepcovid.core.ClassProbabilities;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.model.LinearHead;

/**
 * Pooled features of labelled images, kept so that an epoch computes the head alone.
 *
 * @param labelSet the labels, in the order of the head's outputs
 * @param ids one per row; copies of one image share its name
 * @param labels one per row
 * @param rows one feature vector per row, all of one length; not copied
 */
record LabelledFeatures(
        LabelSet labelSet, List<String> ids, List<Label> labels, List<float[]> rows) {

    LabelledFeatures {
        ids = List.copyOf(ids);
        labels = List.copyOf(labels);
        requireNonNull(rows, "rows is null");
        if (ids.size() != labels.size() || ids.size() != rows.size()) {
            throw new IllegalArgumentException(
                    "%d ids, %d labels, %d rows; expected as many of each"
                            .formatted(ids.size(), labels.size(), rows.size()));
        }
    }

    int size() {
        return ids.size();
    }

    LabelledFeatures slice(int from, int to) {
        return new LabelledFeatures(
                labelSet, ids.subList(from, to), labels.subList(from, to), rows.subList(from, to));
    }

    /** These and others of the same labels. */
    LabelledFeatures and(LabelledFeatures others) {
        return new LabelledFeatures(
                labelSet,
                Stream.concat(ids.stream(), others.ids.stream()).toList(),
                Stream.concat(labels.stream(), others.labels.stream()).toList(),
                Stream.concat(rows.stream(), others.rows.stream()).toList());
    }

    /** The rows of some ids, in their order. */
    LabelledFeatures where(Predicate<String> wanted) {
        int[] kept = IntStream.range(0, size()).filter(i -> wanted.test(ids.get(i))).toArray();
        return new LabelledFeatures(
                labelSet,
                Arrays.stream(kept).mapToObj(ids::get).toList(),
                Arrays.stream(kept).mapToObj(labels::get).toList(),
                Arrays.stream(kept).mapToObj(rows::get).toList());
    }

    /** Scores of all rows by a head. */
    List<ScoredImage> scored(LinearHead head) {
        return IntStream.range(0, size())
                .mapToObj(
                        i ->
                                new ScoredImage(
                                        ids.get(i),
                                        labels.get(i),
                                        ClassProbabilities.of(
                                                labelSet, head.probabilities(rows.get(i)))))
                .toList();
    }

    /** The class of a row: the position of its label. */
    int classOf(int row) {
        return labelSet.indexOf(labels.get(row));
    }

    /** Weight of an image of each class. */
    double[] classWeights(ClassBalance balance) {
        double[] counts = new double[labelSet.labels().size()];
        IntStream.range(0, size()).forEach(row -> counts[classOf(row)]++);
        return switch (balance) {
            case NONE -> Arrays.stream(counts).map(count -> 1).toArray();
            case WEIGHTED_LOSS ->
                    Arrays.stream(counts).map(n -> size() / (counts.length * n)).toArray();
        };
    }
}
