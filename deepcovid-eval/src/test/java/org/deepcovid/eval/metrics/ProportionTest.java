package org.deepcovid.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.eval.metrics.Proportion.IntervalMethod.AGRESTI_COULL;
import static org.deepcovid.eval.metrics.Proportion.IntervalMethod.CLOPPER_PEARSON;
import static org.deepcovid.eval.metrics.Proportion.IntervalMethod.JEFFREYS;
import static org.deepcovid.eval.metrics.Proportion.IntervalMethod.WALD;
import static org.deepcovid.eval.metrics.Proportion.IntervalMethod.WILSON;
import static org.deepcovid.eval.metrics.TestLabels.assertRefused;
import static org.deepcovid.eval.metrics.TestLabels.assertRefusedNaming;

import java.util.DoubleSummaryStatistics;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProportionTest {

    @Test
    void wilsonAtNinetyFivePercentIsTheDefault() {
        Proportion proportion = Proportion.of(9, 10);

        assertThat(proportion.method()).isEqualTo(WILSON);
        assertThat(proportion.interval().level()).isEqualTo(0.95);
        assertThat(proportion.estimate()).isEqualTo(0.9);
    }

    @ParameterizedTest
    @EnumSource(Proportion.IntervalMethod.class)
    void intervalsEncloseTheEstimateAndStayWithinTheUnitInterval(Proportion.IntervalMethod method) {
        for (int total : new int[] {1, 2, 3, 7, 60, 1000}) {
            for (int successes = 0; successes <= total; successes++) {
                for (double level : new double[] {0.5, 0.95, 0.999}) {
                    ConfidenceInterval interval = method.interval(successes, total, level);
                    assertThat(interval.contains(successes / (double) total)).isTrue();
                    assertThat(interval.lower()).isGreaterThanOrEqualTo(0);
                    assertThat(interval.upper()).isLessThanOrEqualTo(1);
                }
            }
        }
    }

    @Test
    void exactCoverageAtSixtyCasesIsAsDocumented() {
        assertThat(coverages(WILSON).getAverage()).isBetween(0.945, 0.96);
        assertThat(coverages(JEFFREYS).getAverage()).isBetween(0.945, 0.96);
        assertThat(coverages(AGRESTI_COULL).getMin()).isGreaterThan(0.93);
        assertThat(coverages(CLOPPER_PEARSON).getMin()).isGreaterThanOrEqualTo(0.95);
        assertThat(coverages(WALD).getAverage()).isLessThan(0.93);
        assertThat(coverage(WALD, 60, 0.98)).isLessThan(0.75);
    }

    /** Over rates from 0.5 to 1; the other half mirrors it. */
    private static DoubleSummaryStatistics coverages(Proportion.IntervalMethod method) {
        return IntStream.range(0, 100)
                .mapToDouble(step -> coverage(method, 60, 0.5 + (step + 0.5) / 200))
                .summaryStatistics();
    }

    /** The probability that the interval holds the rate that the cases come from. */
    private static double coverage(Proportion.IntervalMethod method, int total, double rate) {
        BinomialDistribution cases = new BinomialDistribution(null, total, rate);
        double covered = 0;
        for (int successes = 0; successes <= total; successes++) {
            if (method.interval(successes, total, 0.95).contains(rate)) {
                covered += cases.probability(successes);
            }
        }
        return covered;
    }

    @Test
    void normalMarginIsTheFigureOfThePaper() {
        // 98 % of 100 cases is printed as 98 +- 2.7 %.
        assertThat(Proportion.of(98, 100).normalMargin()).isCloseTo(0.0274, within(5e-5));
    }

    @Test
    void refusesImpossibleCountsAndLevels() {
        assertRefusedNaming(() -> Proportion.of(3, 2), "3 successes of 2");
        assertThatIllegalArgumentException().isThrownBy(() -> Proportion.of(-1, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> Proportion.of(0, 0));
        assertRefused(
                () -> Proportion.of(1, 2, WILSON, 95),
                "confidence level is 95.0; expected (0, 1), such as 0.95");
        ConfidenceInterval interval = new ConfidenceInterval(0, 1, 0.95);
        assertRefused(
                () -> new Proportion(1, 2, 0.6, interval, WILSON),
                "estimate is 0.6; expected 1/2; use Proportion.of");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Proportion(3, 2, 1.5, interval, WILSON));
    }

    @Test
    void intervalContainsItsLimits() {
        ConfidenceInterval interval = new ConfidenceInterval(0.25, 0.75, 0.95);

        assertThat(interval.contains(0.25)).isTrue();
        assertThat(interval.contains(0.75)).isTrue();
        assertThat(interval.contains(0.8)).isFalse();
        assertThat(interval.contains(0.2)).isFalse();
        assertThat(interval.width()).isEqualTo(0.5);
        assertRefusedNaming(
                () -> new ConfidenceInterval(0.5, 0.25, 0.95), "expected lower <= upper");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConfidenceInterval(Double.NaN, 0.25, 0.95));
    }
}
