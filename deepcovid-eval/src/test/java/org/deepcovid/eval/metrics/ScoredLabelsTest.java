package org.deepcovid.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.deepcovid.eval.metrics.ScoredLabels.Scale.ORDER_ONLY;
import static org.deepcovid.eval.metrics.ScoredLabels.Scale.PROBABILITY;
import static org.deepcovid.eval.metrics.TestLabels.assertRefused;
import static org.deepcovid.eval.metrics.TestLabels.assertRefusedNaming;

import java.util.List;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.Label;
import org.junit.jupiter.api.Test;

class ScoredLabelsTest {

    @Test
    void keepsLabelsScoresAndIdsOfImagesInOrder() {
        ScoredLabels labels =
                ScoredLabels.of(
                        List.of(
                                new ScoredImage("a", Label.COVID, 0.75),
                                new ScoredImage("b", Label.NON_COVID, 0.25),
                                new ScoredImage("c", Label.NON_COVID, 1)));

        assertThat(labels.ids()).containsExactly("a", "b", "c");
        assertThat(labels.isPositive(0)).isTrue();
        assertThat(labels.isPositive(1)).isFalse();
        assertThat(labels.score(1)).isEqualTo(0.25);
        assertThat(labels.positives()).isEqualTo(1);
        assertThat(labels.negatives()).isEqualTo(2);
        assertThat(labels.prevalence()).isEqualTo(1.0 / 3);
        assertThat(labels.scale()).isEqualTo(PROBABILITY);
    }

    @Test
    void copiesItsColumns() {
        boolean[] truth = {true, false};
        double[] scores = {0.5, 0.25};
        ScoredLabels labels = ScoredLabels.ofProbabilities(truth, scores);
        truth[0] = false;
        scores[0] = 0;

        assertThat(labels).isEqualTo(TestLabels.of("10", 0.5, 0.25));
    }

    @Test
    void namesTheRowOfNaN() {
        assertRefused(
                () -> TestLabels.of("10", 0.5, Double.NaN),
                "1 of 2 scores are unusable: row 1 is NaN; expected [0, 1]");
    }

    @Test
    void suspectsLogitsOutsideTheUnitInterval() {
        assertRefused(
                () -> TestLabels.named("x y", "10", 3.5, -2),
                "2 of 2 scores are unusable: row 0 ('x') is 3.5, row 1 ('y') is -2.0;"
                        + " expected [0, 1] (logits? apply a sigmoid, or use ofScores)");
    }

    @Test
    void namesAtMostFiveRows() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestLabels.of("1010101", 2, 2, 2, 2, 2, 2, 2))
                .withMessageContaining("7 of 7")
                .withMessageContaining("row 4 is 2.0, ...")
                .withMessageNotContaining("row 5");
    }

    @Test
    void acceptsAnyFiniteScoreWhereOnlyTheOrderCounts() {
        boolean[] truth = {true, false};

        assertThat(ScoredLabels.ofScores(truth, new double[] {7, -3}).scale())
                .isEqualTo(ORDER_ONLY);
        assertRefusedNaming(
                () -> ScoredLabels.ofScores(truth, new double[] {7, Double.NEGATIVE_INFINITY}),
                "row 1 is -Infinity; expected finite numbers");
    }

    @Test
    void refusesColumnsOfDifferentLengths() {
        assertRefused(
                () -> TestLabels.of("101", 0.5, 0.25),
                "3 labels but 2 scores: row 2 has no score; expected one score per label");
        assertRefused(
                () -> TestLabels.of("1", 0.5, 0.25),
                "1 labels but 2 scores: row 1 has no label; expected one score per label");
        assertRefused(
                () -> ScoredLabels.ofProbabilities(List.of("a"), new boolean[2], new double[2]),
                "1 ids but 2 labels: row 1 has no id; expected one id per label");
        assertRefused(
                () -> ScoredLabels.of(List.of()), "there are 0 rows; expected at least one case");
    }

    @Test
    void namesBothRowsOfRepeatedIds() {
        assertRefused(
                () -> TestLabels.named("a b a", "000", 0, 0, 0),
                "1 repeated ids: rows 0 and 2 are both 'a'; expected distinct ids"
                        + " (was a case scored twice?)");
    }

    @Test
    void namesTheAbsentClass() {
        assertRefused(
                () -> RocCurve.of(TestLabels.of("00", 0.5, 0.25)),
                "the list of 2 cases has 0 positive cases; ROC needs both classes");
        assertRefused(
                () -> RocCurve.of(TestLabels.of("1", 0.5)),
                "the list of 1 cases has 0 negative cases; ROC needs both classes");
        assertRefusedNaming(
                () -> PrecisionRecallCurve.of(TestLabels.of("00", 0.5, 0.25)),
                "0 positive cases; the precision-recall curve needs");
    }

    @Test
    void minusZeroTiesWithZero() {
        ScoredLabels labels =
                ScoredLabels.ofScores(TestLabels.truth("10"), new double[] {-0.0, 0.0});

        assertThat(RocCurve.of(labels).points()).hasSize(2);
        assertThat(RocCurve.of(labels).auc()).isEqualTo(0.5);
    }

    @Test
    void subsetKeepsIdsAndOrder() {
        ScoredLabels labels = TestLabels.named("a b c", "101", 0.1, 0.2, 0.3);

        assertThat(labels.where(row -> row != 1)).contains(TestLabels.named("a c", "11", 0.1, 0.3));
        assertThat(labels.where(row -> false)).isEmpty();
    }

    @Test
    void otherScoresKeepLabelsAndIdsAndAreCheckedAgain() {
        ScoredLabels labels = TestLabels.named("a b", "10", 0.5, 0.25);

        ScoredLabels doubled = labels.withScores(ORDER_ONLY, score -> 4 * score);

        assertThat(doubled.ids()).isEqualTo(labels.ids());
        assertThat(doubled.score(0)).isEqualTo(2);
        assertThat(doubled.isPositive(0)).isTrue();
        assertRefusedNaming(
                () -> labels.withScores(PROBABILITY, score -> 4 * score), "row 0 ('a') is 2.0");
    }

    @Test
    void equalityCoversEveryColumn() {
        ScoredLabels labels = TestLabels.of("10", 0.5, 0.25);

        assertThat(labels).hasSameHashCodeAs(TestLabels.of("10", 0.5, 0.25));
        assertThat(labels)
                .isNotEqualTo(TestLabels.of("11", 0.5, 0.25))
                .isNotEqualTo(TestLabels.of("10", 0.5, 0.5))
                .isNotEqualTo(TestLabels.named("a b", "10", 0.5, 0.25))
                .isNotEqualTo(labels.withScores(ORDER_ONLY, score -> score));
        assertThat(labels).hasToString("ScoredLabels[1 positive, 1 negative, PROBABILITY]");
    }
}
