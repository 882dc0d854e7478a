package org.deepcovid.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.eval.metrics.Proportion.IntervalMethod.CLOPPER_PEARSON;
import static org.deepcovid.eval.metrics.Proportion.IntervalMethod.WALD;
import static org.deepcovid.eval.metrics.TestLabels.assertRefused;
import static org.deepcovid.eval.metrics.TestLabels.assertRefusedNaming;

import org.junit.jupiter.api.Test;

class BinaryRatesTest {

    private static final BinaryRates RATES = BinaryRates.of(new ConfusionMatrix(90, 30, 270, 10));

    @Test
    void ratesAreSharesOfTheirCases() {
        assertThat(RATES.sensitivity()).contains(Proportion.of(90, 100));
        assertThat(RATES.specificity()).contains(Proportion.of(270, 300));
        assertThat(RATES.positivePredictiveValue()).contains(Proportion.of(90, 120));
        assertThat(RATES.negativePredictiveValue()).contains(Proportion.of(270, 280));
        assertThat(RATES.accuracy()).isEqualTo(Proportion.of(360, 400));
        assertThat(RATES.balancedAccuracy().getAsDouble()).isCloseTo(0.9, within(1e-15));
        assertThat(RATES.f1().getAsDouble()).isCloseTo(180.0 / 220, within(1e-15));
        assertThat(RATES.positiveLikelihoodRatio().getAsDouble()).isCloseTo(9, within(1e-14));
        assertThat(RATES.negativeLikelihoodRatio().getAsDouble()).isCloseTo(1.0 / 9, within(1e-15));
        assertThat(RATES.diagnosticOddsRatio().getAsDouble()).isCloseTo(81, within(1e-13));
    }

    @Test
    void methodAndLevelReachEveryInterval() {
        BinaryRates rates = new BinaryRates(RATES.counts(), CLOPPER_PEARSON, 0.9);

        assertThat(rates.sensitivity()).contains(Proportion.of(90, 100, CLOPPER_PEARSON, 0.9));
        assertThat(rates.accuracy()).isEqualTo(Proportion.of(360, 400, CLOPPER_PEARSON, 0.9));
    }

    @Test
    void matthewsCorrelationAgreesWithItsDefinition() {
        double scale = Math.sqrt(120.0 * 100 * 300 * 280);

        assertThat(RATES.matthewsCorrelation().getAsDouble())
                .isCloseTo((90 * 270 - 30 * 10) / scale, within(1e-15));
        assertThat(BinaryRates.of(new ConfusionMatrix(3, 0, 7, 0)).matthewsCorrelation())
                .hasValue(1);
        assertThat(BinaryRates.of(new ConfusionMatrix(0, 7, 0, 3)).matthewsCorrelation())
                .hasValue(-1);
    }

    @Test
    void matthewsCorrelationOfABillionCasesDoesNotOverflow() {
        int half = 500_000_000;

        assertThat(BinaryRates.of(new ConfusionMatrix(half, 0, half, 0)).matthewsCorrelation())
                .hasValue(1);
    }

    @Test
    void predictiveValuesMoveWithPrevalence() {
        assertThat(RATES.positivePredictiveValueAt(0.25).getAsDouble())
                .isCloseTo(0.75, within(1e-15));
        assertThat(RATES.negativePredictiveValueAt(0.25).getAsDouble())
                .isCloseTo(270.0 / 280, within(1e-15));
        assertThat(RATES.positivePredictiveValueAt(0.01).getAsDouble())
                .isCloseTo(0.009 / (0.009 + 0.099), within(1e-15));
        assertThat(RATES.positivePredictiveValueAt(0)).hasValue(0);
        assertThat(RATES.negativePredictiveValueAt(1)).hasValue(0);
        assertRefused(
                () -> RATES.positivePredictiveValueAt(5),
                "prevalence is 5.0; expected [0, 1] (a percentage? divide by 100)");
    }

    @Test
    void whatDividesByZeroIsEmpty() {
        BinaryRates onlyNegatives = BinaryRates.of(new ConfusionMatrix(0, 0, 5, 0));

        assertThat(onlyNegatives.sensitivity()).isEmpty();
        assertThat(onlyNegatives.specificity()).isPresent();
        assertThat(onlyNegatives.positivePredictiveValue()).isEmpty();
        assertThat(onlyNegatives.negativePredictiveValue()).isPresent();
        assertThat(onlyNegatives.balancedAccuracy()).isEmpty();
        assertThat(onlyNegatives.f1()).isEmpty();
        assertThat(onlyNegatives.matthewsCorrelation()).isEmpty();
        assertThat(onlyNegatives.positiveLikelihoodRatio()).isEmpty();
        assertThat(onlyNegatives.negativeLikelihoodRatio()).isEmpty();
        assertThat(onlyNegatives.diagnosticOddsRatio()).isEmpty();
        assertThat(onlyNegatives.positivePredictiveValueAt(0.5)).isEmpty();
        assertThat(onlyNegatives.negativePredictiveValueAt(0.5)).isEmpty();
        BinaryRates onlyPositives = BinaryRates.of(new ConfusionMatrix(5, 0, 0, 0));
        assertThat(onlyPositives.specificity()).isEmpty();
        assertThat(onlyPositives.negativePredictiveValue()).isEmpty();
    }

    @Test
    void perfectRatesHaveNoPositiveLikelihoodRatio() {
        BinaryRates perfect = BinaryRates.of(new ConfusionMatrix(5, 0, 5, 0));

        assertThat(perfect.positiveLikelihoodRatio()).isEmpty();
        assertThat(perfect.negativeLikelihoodRatio()).hasValue(0);
        assertThat(perfect.diagnosticOddsRatio()).isEmpty();
    }

    @Test
    void neverCallingPositiveHasNoPredictiveValue() {
        BinaryRates rates = BinaryRates.of(new ConfusionMatrix(0, 0, 5, 5));

        assertThat(rates.positivePredictiveValue()).isEmpty();
        assertThat(rates.positivePredictiveValueAt(0.5)).isEmpty();
        assertThat(rates.f1()).hasValue(0);
    }

    @Test
    void matrixCountsScoresEqualToTheThresholdAsPositive() {
        ScoredLabels labels = TestLabels.of("11001", 0.5, 0.4, 0.5, 0.1, 0.9);

        assertThat(ConfusionMatrix.at(labels, 0.5)).isEqualTo(new ConfusionMatrix(2, 1, 1, 1));
    }

    @Test
    void matrixRefusesImpossibleCounts() {
        assertRefused(
                () -> new ConfusionMatrix(1, -2, 0, 0),
                "falsePositives is -2; expected a count of at least 0");
        assertRefusedNaming(() -> new ConfusionMatrix(0, 0, 0, 0), "expected at least one case");
        assertThatThrownBy(() -> new ConfusionMatrix(Integer.MAX_VALUE, 0, 0, 1))
                .isInstanceOf(ArithmeticException.class);
    }

    private static final ScoredLabels LABELS = TestLabels.overlapping(1, 50, 150, 2);

    @Test
    void oneRowAThresholdInTheGivenOrder() {
        ThresholdTable table = ThresholdTable.of(LABELS, 0.4, 0.2, 0.3);

        assertThat(table.rows())
                .extracting(ThresholdTable.Row::threshold)
                .containsExactly(0.4, 0.2, 0.3);
        assertThat(table.rows().get(1).rates())
                .isEqualTo(BinaryRates.of(ConfusionMatrix.at(LABELS, 0.2)));
    }

    @Test
    void methodOfThePaperCanBeChosen() {
        ThresholdTable table = ThresholdTable.of(LABELS, WALD, 0.9, 0.5);

        assertThat(table.rows().get(0).rates())
                .isEqualTo(new BinaryRates(ConfusionMatrix.at(LABELS, 0.5), WALD, 0.9));
    }

    @Test
    void refusesNoThresholdAndNaN() {
        assertRefused(
                () -> ThresholdTable.of(LABELS), "there are 0 thresholds; expected at least one");
        assertRefused(
                () -> ThresholdTable.of(LABELS, 0.5, Double.NaN),
                "threshold is NaN; expected a number");
    }

    /** Of 100 cases 20 are positive: 15 of them and 10 others are called so. */
    @Test
    void netBenefitWeighsFalsePositivesByTheOddsOfTheThreshold() {
        ConfusionMatrix counts = new ConfusionMatrix(15, 10, 70, 5);
        assertThat(counts.netBenefit(0)).isEqualTo(0.15);
        assertThat(counts.netBenefit(0.2)).isCloseTo(0.15 - 0.1 * 0.25, within(1e-12));
        assertThat(counts.netBenefit(0.5)).isCloseTo(0.05, within(1e-12));
        assertThatThrownBy(() -> counts.netBenefit(1)).hasMessageContaining("threshold is 1.0");
    }
}
