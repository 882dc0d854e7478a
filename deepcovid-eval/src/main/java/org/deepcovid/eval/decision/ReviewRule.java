package org.deepcovid.eval.decision;

import java.util.List;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.ReviewRange;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.ThresholdRule;

/** Chooses the scores around a threshold that are for review by a person. */
public sealed interface ReviewRule {

    /**
     * The smallest range that holds the threshold and leaves the sensitivity and specificity of the
     * other images at their targets: at most a share 1 - sensitivity of the positive images is
     * called negative, and at most 1 - specificity of the negative ones positive.
     *
     * @param sensitivity in (0, 1]
     * @param specificity in (0, 1]
     */
    static ReviewRule reaching(double sensitivity, double specificity) {
        return new Reaching(sensitivity, specificity);
    }

    /**
     * The images nearest to the threshold, by the logit of their scores.
     *
     * @param share at most this share of the images; in (0, 1)
     */
    static ReviewRule nearest(double share) {
        return new Nearest(share);
    }

    /** The rule in words, for reports; one line without a full stop. */
    String describe();

    /**
     * Chooses the range.
     *
     * @param scores by a model that was not fitted to these images; of both classes
     * @param threshold on their scale
     * @return the threshold with its range, which is empty (no score is within it) where none is
     *     needed
     * @throws IllegalStateException if no range satisfies the rule
     */
    DecisionThreshold choose(List<ScoredImage> scores, DecisionThreshold threshold);

    /**
     * Rule of {@link #reaching}.
     *
     * @param sensitivity in (0, 1]
     * @param specificity in (0, 1]
     */
    record Reaching(double sensitivity, double specificity) implements ReviewRule {

        public Reaching {
            ThresholdRule.sensitivityAtLeast(sensitivity);
            ThresholdRule.specificityAtLeast(specificity);
        }

        @Override
        public DecisionThreshold choose(List<ScoredImage> scores, DecisionThreshold threshold) {
            RocCurve curve = RocCurve.of(ScoredLabels.of(scores));
            double lower =
                    ThresholdRule.sensitivityAtLeast(sensitivity).choose(curve).orElseThrow();
            double upper = ThresholdRule.specificityAtLeast(specificity).choose(curve).orElse(1);
            return threshold.withReview(
                    new ReviewRange(
                            Math.min(lower, threshold.value()),
                            Math.max(upper, threshold.value()),
                            describe()));
        }

        @Override
        public String describe() {
            return "a sensitivity of at least %s and a specificity of at least %s outside the range"
                    .formatted(sensitivity, specificity);
        }
    }

    /**
     * Rule of {@link #nearest}.
     *
     * @param share in (0, 1)
     */
    record Nearest(double share) implements ReviewRule {

        public Nearest {
            if (!(share > 0 && share < 1)) {
                throw new IllegalArgumentException(
                        "share of reviews is %s; expected more than 0 and less than 1"
                                .formatted(share));
            }
        }

        @Override
        public DecisionThreshold choose(List<ScoredImage> scores, DecisionThreshold threshold) {
            double centre = logit(threshold.value());
            double[] distances =
                    scores.stream()
                            .mapToDouble(i -> Math.abs(logit(i.positiveProbability()) - centre))
                            .sorted()
                            .toArray();
            int reviewed = (int) Math.floor(share * distances.length);
            while (reviewed > 0 && distances[reviewed - 1] == distances[reviewed]) {
                reviewed--; // equal ones only together
            }
            double reach = reviewed == 0 ? 0 : (distances[reviewed - 1] + distances[reviewed]) / 2;
            return threshold.withReview(
                    new ReviewRange(
                            Math.min(threshold.value(), sigmoid(centre - reach)),
                            Math.max(threshold.value(), sigmoid(centre + reach)),
                            describe()));
        }

        private static double logit(double probability) {
            double inside = Math.max(1e-12, Math.min(1 - 1e-12, probability));
            return Math.log(inside / (1 - inside));
        }

        private static double sigmoid(double logit) {
            return 1 / (1 + Math.exp(-logit));
        }

        @Override
        public String describe() {
            return "the %s of the images that are nearest to the threshold".formatted(share);
        }
    }
}
