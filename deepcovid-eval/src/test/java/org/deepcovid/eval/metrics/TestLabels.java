package org.deepcovid.eval.metrics;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Labels and scores for tests. */
public final class TestLabels {

    private TestLabels() {}

    /** Truth as a word of 0 and 1, and one score per letter. */
    public static ScoredLabels of(String truth, double... scores) {
        return ScoredLabels.ofProbabilities(truth(truth), scores);
    }

    /** As above with ids, separated by blanks. */
    public static ScoredLabels named(String ids, String truth, double... scores) {
        return ScoredLabels.ofProbabilities(List.of(ids.split(" ")), truth(truth), scores);
    }

    public static boolean[] truth(String word) {
        boolean[] truth = new boolean[word.length()];
        for (int i = 0; i < truth.length; i++) {
            truth[i] = word.charAt(i) == '1';
        }
        return truth;
    }

    /**
     * Two overlapping normals through a sigmoid, in mixed order, positives first of every block.
     */
    public static ScoredLabels overlapping(long seed, int positives, int negatives, double shift) {
        return rounded(seed, positives, negatives, shift, 0);
    }

    /** As above with the scores rounded to multiples of a step, hence tied; step 0 leaves them. */
    public static ScoredLabels rounded(
            long seed, int positives, int negatives, double shift, double step) {
        Random random = new Random(seed);
        int total = positives + negatives;
        boolean[] truth = new boolean[total];
        double[] scores = new double[total];
        for (int row = 0; row < total; row++) {
            truth[row] = row < positives;
            double logit = random.nextGaussian() * 1.5 + (truth[row] ? shift : -shift) / 2;
            double score = 1 / (1 + Math.exp(-logit));
            scores[row] = step == 0 ? score : Math.rint(score / step) * step;
        }
        return shuffled(seed, truth, scores);
    }

    public static ScoredLabels shuffled(long seed, ScoredLabels labels) {
        boolean[] truth = new boolean[labels.size()];
        double[] scores = new double[labels.size()];
        for (int row = 0; row < truth.length; row++) {
            truth[row] = labels.isPositive(row);
            scores[row] = labels.score(row);
        }
        return shuffled(seed, truth, scores);
    }

    private static ScoredLabels shuffled(long seed, boolean[] truth, double[] scores) {
        Random random = new Random(~seed);
        for (int last = truth.length - 1; last > 0; last--) {
            int other = random.nextInt(last + 1);
            boolean label = truth[last];
            truth[last] = truth[other];
            truth[other] = label;
            double score = scores[last];
            scores[last] = scores[other];
            scores[other] = score;
        }
        return ScoredLabels.ofProbabilities(truth, scores);
    }

    /**
     * The classes exchanged, and the scores negated, so that high ones indicate the other class.
     */
    public static ScoredLabels swapped(ScoredLabels labels) {
        boolean[] truth = new boolean[labels.size()];
        double[] scores = new double[labels.size()];
        for (int row = 0; row < truth.length; row++) {
            truth[row] = !labels.isPositive(row);
            scores[row] = -labels.score(row);
        }
        return ScoredLabels.ofScores(truth, scores);
    }

    /** The call throws an IllegalArgumentException with exactly this message. */
    public static void assertRefused(ThrowingCallable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }

    /** The call throws an IllegalArgumentException whose message contains the texts. */
    public static void assertRefusedNaming(ThrowingCallable call, String... texts) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessageContainingAll(texts);
    }
}
