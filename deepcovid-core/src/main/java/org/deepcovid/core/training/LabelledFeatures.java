package org.deepcovid.core.training;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.model.LinearHead;

/**
 * Pooled features of labelled images, kept so that an epoch computes the head alone.
 *
 * @param ids one per row; copies of one image share its name
 * @param labels one per row
 * @param rows one feature vector per row, all of one length; not copied
 */
record LabelledFeatures(List<String> ids, List<Label> labels, List<float[]> rows) {

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
                ids.subList(from, to), labels.subList(from, to), rows.subList(from, to));
    }

    /** The rows of some ids, in their order. */
    LabelledFeatures where(Predicate<String> wanted) {
        int[] kept = IntStream.range(0, size()).filter(i -> wanted.test(ids.get(i))).toArray();
        return new LabelledFeatures(
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
                                        head.probabilities(rows.get(i))[
                                                LabelSet.COVID.indexOf(Label.COVID)]))
                .toList();
    }

    /** Weight of an image of each class, by the label's ordinal. */
    double[] classWeights(ClassBalance balance) {
        long covid = labels.stream().filter(label -> label.equals(Label.COVID)).count();
        long non = size() - covid;
        return switch (balance) {
            case NONE -> new double[] {1, 1};
            case WEIGHTED_LOSS -> new double[] {size() / (2.0 * non), size() / (2.0 * covid)};
        };
    }
}
