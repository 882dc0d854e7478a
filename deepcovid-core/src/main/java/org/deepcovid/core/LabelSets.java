package org.deepcovid.core;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;

/**
 * Sets of labels that hold the true one with a stated confidence, for each label separately:
 * class-conditional split conformal prediction (V. Vovk, Conditional validity of inductive
 * conformal predictors, 2012, arXiv 1209.2673), with 1 - the probability of a label as its
 * nonconformity.
 *
 * <p>The confidence holds on average for images that are exchangeable with those of the fit, which
 * images of another hospital are not. A set can hold several labels or none.
 *
 * @param labels one entry for each label of the classifier, in their order
 * @param fittedOn the images that the scores are of, in words; never test images
 */
public record LabelSets(List<OfLabel> labels, String fittedOn) {

    private static final int MOST = 1000;

    /**
     * Scores of the images of one label, without the images.
     *
     * @param label name of the label
     * @param images number of images
     * @param scores their probabilities of this label, ascending; of more than 1000 images the
     *     scores at 1000 evenly spaced ranks
     */
    public record OfLabel(String label, int images, List<Double> scores) {

        public OfLabel {
            requireNonNull(label, "label is null");
            scores = List.copyOf(scores);
            if (images < 0 || scores.size() != Math.min(images, MOST)) {
                throw new IllegalArgumentException(
                        "label %s has %d scores of %d images; expected %d"
                                .formatted(label, scores.size(), images, Math.min(images, MOST)));
            }
            double before = 0;
            for (double score : scores) {
                if (!(score >= before && score <= 1)) { // NaN fails too
                    throw new IllegalArgumentException(
                            "scores of label %s are not probabilities in ascending order"
                                    .formatted(label));
                }
                before = score;
            }
        }

        private static OfLabel of(Label label, double[] ascending) {
            int images = ascending.length;
            int kept = Math.min(images, MOST);
            return new OfLabel(
                    label.name(),
                    images,
                    IntStream.rangeClosed(1, kept)
                            .mapToObj(i -> ascending[(int) ((long) i * images / kept) - 1])
                            .toList());
        }

        /**
         * How many of these images may have a probability below the lowest accepted one, plus 1.
         */
        private int rank(double confidence) {
            return (int) Math.floor((1 - confidence) * (images + 1) + 1e-9); // 1 - 0.9 < 0.1
        }

        /**
         * Whether the images are enough for a confidence: at least 1 / (1 - confidence) - 1. If
         * not, every set holds this label.
         */
        public boolean isEnoughFor(double confidence) {
            return rank(confidence) >= 1;
        }

        /** The lowest probability with which the label is in a set. */
        private double lowest(double confidence) {
            if (scores.isEmpty()) {
                return 0;
            }
            int kept = scores.size();
            int entry = (int) (((rank(confidence) + 1L) * kept - 1) / images); // rounded down
            return entry == 0 ? 0 : scores.get(entry - 1);
        }
    }

    public LabelSets {
        labels = List.copyOf(labels);
        requireNonNull(fittedOn, "fittedOn is null");
    }

    /**
     * Keeps the sorted scores.
     *
     * @param scores of a model that was not fitted to these images; at least one
     * @param fittedOn what these images are, in words
     */
    public static LabelSets of(List<ScoredImage> scores, String fittedOn) {
        LabelSet labels = scores.get(0).probabilities().labels();
        List<OfLabel> found = new ArrayList<>();
        for (Label label : labels.labels()) {
            double[] own =
                    scores.stream()
                            .filter(image -> image.truth().equals(label))
                            .mapToDouble(image -> image.probabilities().of(label))
                            .toArray();
            Arrays.sort(own);
            found.add(OfLabel.of(label, own));
        }
        return new LabelSets(found, fittedOn);
    }

    void requireFitting(LabelSet expected) {
        List<String> found = labels.stream().map(OfLabel::label).toList();
        if (!found.equals(expected.names())) {
            throw new IllegalArgumentException(
                    "its label sets are of %s; expected %s".formatted(found, expected.names()));
        }
    }

    /**
     * The labels that an image may have.
     *
     * @param probabilities of the classifier that these sets belong to
     * @param confidence in (0, 1), such as 0.9
     * @return in the order of the classifier's labels; may be empty
     */
    public List<Label> of(ClassProbabilities probabilities, double confidence) {
        requireConfidence(confidence);
        List<Label> all = probabilities.labels().labels();
        return IntStream.range(0, all.size())
                .filter(i -> probabilities.values().get(i) >= labels.get(i).lowest(confidence))
                .mapToObj(all::get)
                .toList();
    }

    /** Names of the labels with too few images for a confidence, which every set holds. */
    public List<String> tooFewFor(double confidence) {
        requireConfidence(confidence);
        return labels.stream()
                .filter(label -> !label.isEnoughFor(confidence))
                .map(label -> "%s (%d)".formatted(label.label(), label.images()))
                .toList();
    }

    private static void requireConfidence(double confidence) {
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException(
                    "confidence is %s; expected more than 0 and less than 1, such as 0.9"
                            .formatted(confidence));
        }
    }
}
