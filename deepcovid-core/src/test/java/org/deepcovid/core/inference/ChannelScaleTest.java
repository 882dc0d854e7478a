package org.deepcovid.core.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.testing.Failures.assertRejects;

import java.util.List;
import java.util.Map;
import org.deepcovid.core.inference.PlanNode.BatchNorm.Spread;
import org.junit.jupiter.api.Test;

class ChannelScaleTest {

    private static ChannelScale scale(double epsilon, Spread spread, float... spreads) {
        return new ChannelScale(
                new PlanNode.BatchNorm("n", List.of("x"), epsilon, spread),
                2,
                NetworkParameters.of(
                        Map.of(
                                "n/gamma",
                                new float[] {3, -1},
                                "n/beta",
                                new float[] {0.5f, 2},
                                "n/mean",
                                new float[] {10, -4},
                                "n/" + spread.parameter(),
                                spreads)));
    }

    @Test
    void factorAndSummandNormaliseByRunningStatistics() {
        ChannelScale scale = scale(0, Spread.VARIANCE, 4, 0.25f);
        assertThat(scale.factor()).containsExactly(1.5f, -2);
        assertThat(scale.summand(() -> new float[2])).containsExactly(-14.5f, -6);
        assertThat(scale.summand(() -> new float[] {1, 1})).containsExactly(-13, -8);
        assertThat(scale.scaleOutputs(new float[] {1, 2, 3, 4})).containsExactly(1.5f, 3, -6, -8);
    }

    @Test
    void epsilonAddsToTheVariance() {
        assertThat(scale(0.75, Spread.VARIANCE, 0.25f, 3.25f).factor()).containsExactly(3, -0.5f);
    }

    @Test
    void theLogarithmOfTheDeviationStandsForItsSquare() {
        float[] factor = scale(0, Spread.LOG10_DEVIATION, 1, -1).factor();
        assertThat(factor[0]).isCloseTo(0.3f, within(1e-7f));
        assertThat(factor[1]).isCloseTo(-10, within(1e-6f));
    }

    /** In float arithmetic 1e-8 beside 1 would be lost, and so would the digits below it. */
    @Test
    void roundingHappensOnceAtTheEnd() {
        ChannelScale scale = scale(1e-8, Spread.VARIANCE, 1, 1);
        double factor = 3 / Math.sqrt(1 + 1e-8);
        assertThat(scale.summand(() -> new float[] {9.999999f, 0})[0])
                .isEqualTo((float) (0.5 + ((double) 9.999999f - 10) * factor));
    }

    @Test
    void aVarianceThatIsNotPositiveIsRefused() {
        assertRejects(() -> scale(0, Spread.VARIANCE, 1, 0).factor())
                .hasMessage("variance of channel 1 of 'n' is 0.0; expected a positive number");
        assertRejects(() -> scale(0.5, Spread.VARIANCE, -1, 1).factor());
    }
}
