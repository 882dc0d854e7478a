package org.deepcovid.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.eval.metrics.ScoredLabels.Scale.ORDER_ONLY;
import static org.deepcovid.eval.metrics.TestLabels.assertRefused;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.training.OutOfFoldScores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThresholdRuleTest {

    /** By falling score: 1 1 0 1 0 1 0 0. */
    private static final RocCurve CURVE =
            RocCurve.of(TestLabels.of("11010100", 0.95, 0.85, 0.75, 0.6, 0.5, 0.4, 0.3, 0.1));

    static List<ThresholdRule> rules() {
        return List.of(
                ThresholdRule.sensitivityAtLeast(0.9),
                ThresholdRule.specificityAtLeast(0.9),
                ThresholdRule.youdenIndex(),
                ThresholdRule.costWeighted(3, 1),
                ThresholdRule.costWeighted(3, 1).withPrevalence(0.2));
    }

    @Test
    void fixedThresholdIgnoresTheCurve() {
        assertThat(ThresholdRule.fixed(0.123).choose(CURVE)).hasValue(0.123);
        assertRefused(
                () -> ThresholdRule.fixed(Double.NaN),
                "threshold is NaN; expected a finite number");
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 7, 10, 49, 1000})
    void targetEqualToAReachableShareIsReached(int positives) {
        StringBuilder truth = new StringBuilder("0");
        double[] scores = new double[positives + 1];
        for (int i = 1; i <= positives; i++) {
            truth.append('1');
            scores[i] = i / (positives + 1.0);
        }
        RocCurve curve = RocCurve.of(TestLabels.of(truth.toString(), scores));
        for (int hits = 1; hits <= positives; hits++) {
            double target = hits / (double) positives;
            double threshold = ThresholdRule.sensitivityAtLeast(target).choose(curve).orElseThrow();
            assertThat(curve.at(threshold).counts().truePositives()).isEqualTo(hits);
        }
    }

    static List<Arguments> choices() {
        return List.of(
                arguments(ThresholdRule.sensitivityAtLeast(0.75), 0.55), // the highest possible
                arguments(ThresholdRule.sensitivityAtLeast(0.76), 0.35),
                arguments(ThresholdRule.sensitivityAtLeast(1), 0.35),
                arguments(ThresholdRule.sensitivityAtLeast(0.01), 0.9),
                arguments(ThresholdRule.specificityAtLeast(0.75), 0.55), // the lowest possible
                arguments(ThresholdRule.specificityAtLeast(0.74), 0.55),
                arguments(ThresholdRule.specificityAtLeast(0.5), 0.35),
                arguments(ThresholdRule.specificityAtLeast(1), 0.8),
                arguments(ThresholdRule.youdenIndex(), 0.35), // the lowest of three equal sums
                arguments(ThresholdRule.costWeighted(5, 1), 0.35),
                arguments(ThresholdRule.costWeighted(1, 5), 0.8),
                arguments(ThresholdRule.costWeighted(1, 1), 0.35),
                arguments(ThresholdRule.costWeighted(1, 1).withPrevalence(0.5), 0.35),
                arguments(ThresholdRule.costWeighted(1, 1).withPrevalence(0.1), 0.8));
    }

    @ParameterizedTest
    @MethodSource("choices")
    void rulesChooseHalfwayBetweenTwoScores(ThresholdRule rule, double expected) {
        assertThat(rule.choose(CURVE).orElseThrow()).isCloseTo(expected, within(1e-15));
    }

    @Test
    void scoredImagesGiveAThresholdThatNamesRuleAndOrigin() {
        List<ScoredImage> scores =
                List.of(
                        new ScoredImage("a", Label.COVID, 0.9),
                        new ScoredImage("b", Label.NON_COVID, 0.3));

        assertThat(ThresholdRule.sensitivityAtLeast(1).choose(scores, "2 validation images"))
                .isEqualTo(
                        new DecisionThreshold(
                                0.6,
                                "best specificity with a sensitivity of at least 1.0",
                                "2 validation images"));
        assertThat(ThresholdRule.youdenIndex().choose(scores).fittedOn()).isEqualTo("2 images");
        assertThat(ThresholdRule.fixed(0.2).choose(new OutOfFoldScores(scores, List.of(), 0)))
                .satisfies(chosen -> assertThat(chosen.value()).isEqualTo(0.2))
                .satisfies(
                        chosen ->
                                assertThat(chosen.fittedOn())
                                        .startsWith("2 validation images, 1 of them covid"));
        List<ScoredImage> highestIsNegative =
                List.of(
                        new ScoredImage("a", Label.COVID, 0.1),
                        new ScoredImage("b", Label.NON_COVID, 0.9));
        ThresholdRule all = ThresholdRule.specificityAtLeast(1);
        assertThatIllegalStateException()
                .isThrownBy(() -> all.choose(highestIsNegative, "2 validation images"))
                .withMessageContaining("best sensitivity with a specificity of at least 1.0")
                .withMessageContaining("2 validation images");
    }

    @Test
    void emptyWhereOnlyCallingNoCasePositiveSatisfiesTheRule() {
        RocCurve topIsNegative = RocCurve.of(TestLabels.of("01", 0.9, 0.1));

        assertThat(ThresholdRule.specificityAtLeast(1).choose(topIsNegative)).isEmpty();
        assertThat(ThresholdRule.youdenIndex().choose(topIsNegative)).isEmpty();
        assertThat(ThresholdRule.costWeighted(1, 10).choose(topIsNegative)).isEmpty();
    }

    @Test
    void thresholdThatCallsEveryCasePositiveIsTheLowestScore() {
        RocCurve lowestIsPositive = RocCurve.of(TestLabels.of("101", 0.9, 0.5, 0.2));

        assertThat(ThresholdRule.sensitivityAtLeast(1).choose(lowestIsPositive)).hasValue(0.2);
        assertThat(ThresholdRule.specificityAtLeast(0.001).choose(lowestIsPositive)).hasValue(0.7);
    }

    @Test
    void thresholdBetweenNeighbouringNumbersIsTheUpperOne() {
        double lower = 0.5;
        double upper = Math.nextUp(lower);
        RocCurve curve = RocCurve.of(TestLabels.of("10", upper, lower));

        assertThat(ThresholdRule.sensitivityAtLeast(1).choose(curve)).hasValue(upper);
    }

    @Test
    void thresholdBetweenHugeScoresDoesNotOverflow() {
        RocCurve curve =
                RocCurve.of(
                        ScoredLabels.ofScores(
                                TestLabels.truth("10"),
                                new double[] {Double.MAX_VALUE, -Double.MAX_VALUE}));

        assertThat(ThresholdRule.youdenIndex().choose(curve)).hasValue(0);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void increasingChangeOfScoresKeepsTheChosenOperatingPoint(ThresholdRule rule) {
        ScoredLabels labels = TestLabels.rounded(9, 50, 80, 1.2, 0.05);
        ScoredLabels changed = labels.withScores(ORDER_ONLY, s -> Math.exp(9 * s) - 40);

        assertThat(operatingPoint(rule, changed)).isEqualTo(operatingPoint(rule, labels));
        assertThat(operatingPoint(rule, TestLabels.shuffled(3, labels)))
                .isEqualTo(operatingPoint(rule, labels));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void slightlyDifferentScoresKeepTheDecisions(ThresholdRule rule) {
        ScoredLabels labels = TestLabels.rounded(10, 50, 80, 1.2, 0.05);
        double threshold = rule.choose(RocCurve.of(labels)).orElseThrow();
        ConfusionMatrix counts = ConfusionMatrix.at(labels, threshold);

        for (double change : new double[] {-1e-6, 1e-6}) {
            ScoredLabels again = labels.withScores(ORDER_ONLY, score -> score + change);
            assertThat(ConfusionMatrix.at(again, threshold)).isEqualTo(counts);
        }
    }

    @Test
    void refusesImpossibleTargetsAndCosts() {
        assertRefused(
                () -> ThresholdRule.sensitivityAtLeast(98),
                "target sensitivity is 98.0; expected (0, 1] (a percentage? divide by 100)");
        assertThatIllegalArgumentException().isThrownBy(() -> ThresholdRule.sensitivityAtLeast(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ThresholdRule.specificityAtLeast(Double.NaN));
        assertRefused(
                () -> ThresholdRule.costWeighted(0, 1),
                "missCost is 0.0; expected a finite number above 0");
        assertThatIllegalArgumentException().isThrownBy(() -> ThresholdRule.costWeighted(1, -1));
        assertRefused(
                () -> ThresholdRule.costWeighted(1, 1).withPrevalence(1),
                "prevalence is 1.0; expected (0, 1)");
    }

    @Test
    void describesItself() {
        assertThat(ThresholdRule.fixed(0.5).describe())
                .isEqualTo("threshold 0.5, fixed beforehand");
        assertThat(ThresholdRule.sensitivityAtLeast(0.98).describe())
                .isEqualTo("best specificity with a sensitivity of at least 0.98");
        assertThat(ThresholdRule.specificityAtLeast(0.9).describe())
                .isEqualTo("best sensitivity with a specificity of at least 0.9");
        assertThat(ThresholdRule.youdenIndex().describe()).contains("Youden");
        assertThat(ThresholdRule.costWeighted(10, 1).describe())
                .isEqualTo(
                        "lowest expected cost, a miss costing 10.0, a false alarm"
                                + " 1.0, at the prevalence of validation");
        assertThat(ThresholdRule.costWeighted(10, 1).withPrevalence(0.02).describe())
                .endsWith("at a prevalence of 0.02");
    }

    private static ConfusionMatrix operatingPoint(ThresholdRule rule, ScoredLabels labels) {
        double threshold = rule.choose(RocCurve.of(labels)).orElseThrow();
        return ConfusionMatrix.at(labels, threshold);
    }
}
