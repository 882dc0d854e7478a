package org.deepcovid.eval.metrics.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.eval.metrics.ScoredLabels.Scale.ORDER_ONLY;
import static org.deepcovid.eval.metrics.ScoredLabels.Scale.PROBABILITY;
import static org.deepcovid.eval.metrics.TestLabels.assertRefused;
import static org.deepcovid.eval.metrics.TestLabels.assertRefusedNaming;
import static org.deepcovid.eval.metrics.comparison.McNemarTest.Cases.ALL;
import static org.deepcovid.eval.metrics.comparison.McNemarTest.Cases.NEGATIVE;
import static org.deepcovid.eval.metrics.comparison.McNemarTest.Cases.POSITIVE;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.deepcovid.eval.metrics.BinaryRates;
import org.deepcovid.eval.metrics.ConfusionMatrix;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.TestLabels;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private static final ScoredLabels LABELS = TestLabels.rounded(1, 30, 70, 1.5, 0.02);

    @Test
    void modelDoesNotDifferFromItself() {
        PairedDeLongTest found =
                PairedDeLongTest.of(LABELS, LABELS.withScores(ORDER_ONLY, s -> 7 * s - 3));

        assertThat(found.difference()).isZero();
        assertThat(found.standardError()).isZero();
        assertThat(found.pValue()).hasValue(1);
    }

    @Test
    void againstScoresWithoutSkillTheErrorIsThatOfOneCurve() {
        ScoredLabels noSkill = LABELS.withScores(PROBABILITY, s -> 0.5);
        PairedDeLongTest found = PairedDeLongTest.of(LABELS, noSkill);

        assertThat(found.secondAuc()).isEqualTo(0.5);
        assertThat(found.standardError())
                .isCloseTo(RocCurve.of(LABELS).aucStandardError().getAsDouble(), within(1e-12));
    }

    @Test
    void exchangingTheModelsTurnsTheDifference() {
        ScoredLabels coarse = LABELS.withScores(PROBABILITY, s -> Math.rint(s * 2) / 2);
        PairedDeLongTest forth = PairedDeLongTest.of(LABELS, coarse, 0.9);
        PairedDeLongTest back = PairedDeLongTest.of(coarse, LABELS, 0.9);

        assertThat(back.difference()).isEqualTo(-forth.difference());
        assertThat(back.pValue()).isEqualTo(forth.pValue());
        assertThat(back.interval().lower()).isEqualTo(-forth.interval().upper());
    }

    @Test
    void noPValueWhereDifferenceHasNoError() {
        ScoredLabels right = TestLabels.of("1100", 0.9, 0.8, 0.2, 0.1);
        ScoredLabels wrong = right.withScores(PROBABILITY, s -> 1 - s);

        assertThat(PairedDeLongTest.of(right, wrong).pValue()).isEmpty();
    }

    @Test
    void deLongNeedsTwoOfEachClassAndTheSameCases() {
        assertRefused(
                () ->
                        PairedDeLongTest.of(
                                TestLabels.of("100", 1, 0, 0), TestLabels.of("100", 1, 0, 0)),
                "1 positive and 2 negative cases; DeLong's test needs 2 of each");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PairedDeLongTest.of(LABELS, TestLabels.of("10", 1, 0)));
        assertRefusedNaming(
                () -> PairedDeLongTest.of(LABELS, LABELS, 95), "confidence level is 95.0");
    }

    @Test
    void mcNemarCountsCasesThatOneModelGetsRight() {
        ScoredLabels first = TestLabels.of("111000", 0.9, 0.9, 0.1, 0.1, 0.9, 0.9);
        ScoredLabels second = TestLabels.of("111000", 0.9, 0.1, 0.7, 0.1, 0.1, 0.1);

        assertThat(McNemarTest.of(first, 0.5, second, 0.5, ALL)).isEqualTo(new McNemarTest(1, 3));
        assertThat(McNemarTest.of(first, 0.5, second, 0.5, POSITIVE))
                .isEqualTo(new McNemarTest(1, 1));
        assertThat(McNemarTest.of(first, 0.5, second, 0.5, NEGATIVE))
                .isEqualTo(new McNemarTest(0, 2));
        assertThat(McNemarTest.of(first, 0.5, second, 0.8, POSITIVE))
                .isEqualTo(new McNemarTest(1, 0));
        assertThat(McNemarTest.of(first, 0.9, second, 0.5, POSITIVE))
                .isEqualTo(new McNemarTest(1, 1));
    }

    @Test
    void mcNemarFindsNothingWhereNothingDiffers() {
        assertThat(new McNemarTest(0, 0).exactPValue()).isEqualTo(1);
        assertThat(new McNemarTest(9, 9).exactPValue()).isEqualTo(1);
    }

    @Test
    void mcNemarCountsBeyondTheRangeOfInt() {
        double pValue = new McNemarTest(1_500_000_000, 1_499_900_000).exactPValue();

        assertThat(pValue).isCloseTo(0.06789, within(0.0001)); // normal approximation, z = 1.8257
    }

    @Test
    void mcNemarRefusesImpossibleInput() {
        assertRefusedNaming(() -> new McNemarTest(-1, 0), "expected at least 0");
        assertRefusedNaming(
                () -> McNemarTest.of(LABELS, Double.NaN, LABELS, 0.5, ALL),
                "thresholds are NaN and 0.5");
    }

    @Test
    void holmKeepsTheOrderAndRefusesWhatIsNoPValue() {
        assertThat(HolmCorrection.adjust()).isEmpty();
        assertThat(HolmCorrection.adjust(0.03, 0.01)).containsExactly(new double[] {0.03, 0.02});
        assertRefused(
                () -> HolmCorrection.adjust(0.5, Double.NaN), "p-value 1 is NaN; expected [0, 1]");
    }

    @Test
    void singleRunHasNoStandardDeviation() {
        SeedSummary one = SeedSummary.of(0.9);

        assertThat(one.standardDeviation()).isEmpty();
        assertThat(one.range()).isZero();
    }

    @Test
    void summaryHasMeanSpreadAndRange() {
        SeedSummary found = SeedSummary.of(0.75, 0.5, 1);

        assertThat(found.mean()).isEqualTo(0.75);
        assertThat(found.standardDeviation()).hasValue(0.25);
        assertThat(found.lowest()).isEqualTo(0.5);
        assertThat(found.highest()).isEqualTo(1);
        assertThat(found.range()).isEqualTo(0.5);
        assertRefused(SeedSummary::of, "there are 0 runs; expected at least one");
        assertRefused(
                () -> SeedSummary.of(0.5, Double.NaN),
                "run 1 has the value NaN; expected a finite number");
    }

    @Test
    void subgroupsAreSortedAndSmallOnesMarked() {
        ScoredLabels labels = TestLabels.of("1101000", 0.9, 0.4, 0.6, 0.8, 0.1, 0.2, 0.3);
        List<String> groups = List.of("PA", "PA", "PA", "AP", "PA", "lateral", "AP");
        SubgroupTable table = SubgroupTable.of(labels, groups, 0.5, 2);

        assertThat(table.rows())
                .extracting(SubgroupTable.Row::group)
                .containsExactly("AP", "PA", "lateral");
        assertThat(table.rows())
                .extracting(SubgroupTable.Row::small)
                .containsExactly(true, false, true);
        assertThat(table.rows().get(1).rates())
                .isEqualTo(BinaryRates.of(new ConfusionMatrix(1, 1, 1, 1)));
        assertThat(table.rows().get(1).auc().orElseThrow().auc()).isEqualTo(0.75);
        assertThat(table.rows().get(2).auc()).isEmpty();
        assertThat(table.rows().get(2).rates().sensitivity()).isEmpty();
    }

    @Test
    void tenCasesOfEachClassAreNotSmall() {
        List<String> groups = Collections.nCopies(20, "all");

        assertThat(SubgroupTable.of(TestLabels.overlapping(1, 10, 10, 1), groups, 0.5).rows())
                .allMatch(row -> !row.small());
        assertThat(SubgroupTable.of(TestLabels.overlapping(1, 9, 11, 1), groups, 0.5).rows())
                .allMatch(SubgroupTable.Row::small);
    }

    @Test
    void subgroupsNeedANameForEveryCase() {
        ScoredLabels labels = TestLabels.of("10", 1, 0);

        assertRefused(
                () -> SubgroupTable.of(labels, List.of("a"), 0.5),
                "1 groups but 2 cases; expected one group per case");
        assertRefused(
                () -> SubgroupTable.of(labels, List.of("a", " "), 0.5),
                "the group of row 1 is blank; expected a name, such as 'unknown'");
        assertRefusedNaming(
                () -> SubgroupTable.of(labels, Arrays.asList("a", null), 0.5),
                "the group of row 1 is null");
    }
}
