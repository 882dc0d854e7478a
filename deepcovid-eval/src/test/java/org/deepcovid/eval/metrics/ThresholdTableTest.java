package org.deepcovid.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ThresholdTableTest {

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
        ThresholdTable table = ThresholdTable.of(LABELS, Proportion.IntervalMethod.WALD, 0.9, 0.5);

        assertThat(table.rows().get(0).rates())
                .isEqualTo(
                        new BinaryRates(
                                ConfusionMatrix.at(LABELS, 0.5),
                                Proportion.IntervalMethod.WALD,
                                0.9));
    }

    @Test
    void risingThresholdsTradeSensitivityForSpecificity() {
        ThresholdTable table = ThresholdTable.of(LABELS, 0, 0.1, 0.3, 0.5, 0.7, 0.9, 1);

        for (int i = 1; i < table.rows().size(); i++) {
            BinaryRates lower = table.rows().get(i - 1).rates();
            BinaryRates higher = table.rows().get(i).rates();
            assertThat(higher.sensitivity().orElseThrow().estimate())
                    .isLessThanOrEqualTo(lower.sensitivity().orElseThrow().estimate());
            assertThat(higher.specificity().orElseThrow().estimate())
                    .isGreaterThanOrEqualTo(lower.specificity().orElseThrow().estimate());
        }
    }

    @Test
    void refusesNoThresholdAndNaN() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ThresholdTable.of(LABELS))
                .withMessage("there are 0 thresholds; expected at least one");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ThresholdTable.of(LABELS, 0.5, Double.NaN))
                .withMessage("threshold is NaN; expected a number");
    }
}
