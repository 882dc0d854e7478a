package org.deepcovid.eval.metrics.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.eval.metrics.TestLabels.assertRefusedNaming;
import static org.deepcovid.eval.metrics.calibration.ReliabilityDiagram.Binning.EQUAL_MASS;
import static org.deepcovid.eval.metrics.calibration.ReliabilityDiagram.Binning.EQUAL_WIDTH;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deepcovid.eval.metrics.Proportion;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.TestLabels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReliabilityTest {

    @Test
    void scoreOnAnEdgeBelongsToTheUpperBin() {
        for (int binCount : new int[] {3, 10, 24, 100}) {
            for (int edge = 0; edge < binCount; edge++) {
                ScoredLabels one = TestLabels.of("1", edge / (double) binCount);
                assertThat(ScoreHistogram.of(one, binCount).bins().get(edge).positives())
                        .as("edge %d of %d", edge, binCount)
                        .isEqualTo(1);
                if (edge > 0) {
                    ScoredLabels below = TestLabels.of("1", Math.nextDown(one.score(0)));
                    assertThat(ScoreHistogram.of(below, binCount).bins().get(edge - 1).positives())
                            .as("just below edge %d of %d", edge, binCount)
                            .isEqualTo(1);
                }
            }
        }
        assertThat(ScoreHistogram.of(TestLabels.of("0", 1.0)).bins().get(23).negatives())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10, 24, 49, 1000})
    void everyScoreIsBetweenTheEdgesOfItsBin(int binCount) {
        for (int i = 0; i <= 1000; i++) {
            double score = i / 1000.0;
            ReliabilityDiagram.Bin bin =
                    ReliabilityDiagram.of(TestLabels.of("1", score), EQUAL_WIDTH, binCount)
                            .bins()
                            .get(0);
            assertThat(score).isBetween(bin.lower(), bin.upper());
            assertThat(score < bin.upper() || score == 1).isTrue();
        }
    }

    @Test
    void binsWithoutCasesAreLeftOutOfTheDiagramButNotOfTheHistogram() {
        ScoredLabels labels = TestLabels.of("10", 0.95, 0.05);

        assertThat(ReliabilityDiagram.of(labels, EQUAL_WIDTH, 10).bins())
                .containsExactly(
                        new ReliabilityDiagram.Bin(0, 0.1, 0.05, Proportion.of(0, 1)),
                        new ReliabilityDiagram.Bin(0.9, 1, 0.95, Proportion.of(1, 1)));
        assertThat(ScoreHistogram.of(labels).bins()).hasSize(24);
    }

    @Test
    void equalMassKeepsTiesTogether() {
        ScoredLabels labels = TestLabels.of("10101010", .1, .5, .5, .5, .5, .5, .8, .9);
        List<ReliabilityDiagram.Bin> bins = ReliabilityDiagram.of(labels, EQUAL_MASS, 4).bins();

        assertThat(bins).extracting(bin -> bin.observed().total()).containsExactly(6, 2);
        assertThat(bins.get(0).lower()).isEqualTo(0.1);
        assertThat(bins.get(0).upper()).isEqualTo(0.5);
        assertThat(bins.get(1).lower()).isEqualTo(0.8);
        assertThat(bins.get(1).upper()).isEqualTo(0.9);
    }

    @Test
    void equalMassSplitsDistinctScoresEvenly() {
        ReliabilityDiagram diagram =
                ReliabilityDiagram.of(TestLabels.overlapping(1, 30, 70, 1), EQUAL_MASS, 10);

        assertThat(diagram.bins())
                .hasSize(10)
                .allSatisfy(bin -> assertThat(bin.observed().total()).isEqualTo(10));
        assertThat(ReliabilityDiagram.of(TestLabels.of("10", 0.3, 0.2), EQUAL_MASS, 10).bins())
                .hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(ReliabilityDiagram.Binning.class)
    void orderOfTheRowsIsIrrelevant(ReliabilityDiagram.Binning binning) {
        ScoredLabels labels = TestLabels.rounded(2, 30, 70, 1, 0.125);

        assertThat(ReliabilityDiagram.of(TestLabels.shuffled(5, labels), binning, 6))
                .isEqualTo(ReliabilityDiagram.of(labels, binning, 6));
    }

    @Test
    void errorsAreMeanAndLargestGap() {
        ScoredLabels labels = TestLabels.of("1100", 0.9, 0.9, 0.9, 0.2);
        ReliabilityDiagram diagram = ReliabilityDiagram.of(labels, EQUAL_WIDTH, 10);
        double upperGap = 0.9 - 2.0 / 3;

        assertThat(diagram.bins().get(1).gap()).isCloseTo(upperGap, within(1e-12));
        assertThat(diagram.expectedCalibrationError())
                .isCloseTo((0.2 + 3 * upperGap) / 4, within(1e-12));
        assertThat(diagram.maximumCalibrationError()).isCloseTo(upperGap, within(1e-12));
    }

    @ParameterizedTest
    @EnumSource(ReliabilityDiagram.Binning.class)
    void partsSumToTheBrierScore(ReliabilityDiagram.Binning binning) {
        for (int binCount : new int[] {1, 2, 10, 37}) {
            BrierScore found =
                    BrierScore.of(TestLabels.overlapping(3, 120, 380, 1.5), binning, binCount);
            assertThat(
                            found.reliability()
                                    - found.resolution()
                                    + found.uncertainty()
                                    + found.withinBins())
                    .isCloseTo(found.score(), within(1e-13));
        }
    }

    @Test
    void equalScoresWithinBinsLeaveMurphysThreeParts() {
        ScoredLabels labels = TestLabels.rounded(4, 60, 140, 1.5, 0.25);
        BrierScore found = BrierScore.of(labels, EQUAL_WIDTH, 10);

        assertThat(found.withinBins()).isCloseTo(0, within(1e-14));
        assertThat(found.uncertainty()).isCloseTo(0.21, within(1e-12));
        assertThat(found.resolution()).isPositive();
    }

    @Test
    void averagesAreEmptyForAnAbsentClass() {
        ClassAverages both = ClassAverages.of(TestLabels.of("110", 0.5, 1, 0.25));
        ClassAverages one = ClassAverages.of(TestLabels.of("11", 0.5, 1));

        assertThat(both.ofPositives()).hasValue(0.75);
        assertThat(both.ofNegatives()).hasValue(0.25);
        assertThat(both.difference()).hasValue(0.5);
        assertThat(one.ofNegatives()).isEmpty();
        assertThat(one.difference()).isEmpty();
    }

    @Test
    void lineOfSeparatedScoresIsEmpty() {
        assertThat(CalibrationLine.fit(TestLabels.of("1100", 0.9, 0.6, 0.4, 0.1))).isEmpty();
        assertThat(CalibrationLine.fit(TestLabels.of("1100", 0.9, 0.5, 0.5, 0.1))).isEmpty();
        assertThat(CalibrationLine.fit(TestLabels.of("1100", 0.1, 0.2, 0.8, 0.9))).isEmpty();
        assertThat(CalibrationLine.fit(TestLabels.of("10", 0.5, 0.5))).isEmpty();
        assertThat(CalibrationLine.fit(TestLabels.of("1100", 0.9, 0.4, 0.5, 0.1))).isPresent();
    }

    @Test
    void lowerLevelsNarrowTheIntervalOfTheLine() {
        ScoredLabels labels = TestLabels.overlapping(5, 300, 300, 1);

        assertThat(CalibrationLine.fit(labels, 0.5).orElseThrow().slope().interval().width())
                .isLessThan(CalibrationLine.fit(labels).orElseThrow().slope().interval().width());
    }

    @Test
    void refusesScoresThatAreNoProbabilitiesAndNoBins() {
        ScoredLabels order = ScoredLabels.ofScores(TestLabels.truth("10"), new double[] {3, -3});
        ScoredLabels labels = order.withScores(ScoredLabels.Scale.PROBABILITY, s -> s > 0 ? 1 : 0);

        assertRefused(() -> ReliabilityDiagram.of(order, EQUAL_MASS, 5));
        assertRefused(() -> BrierScore.score(order));
        assertRefused(() -> ClassAverages.of(order));
        assertRefused(() -> ScoreHistogram.of(order));
        assertRefused(() -> CalibrationLine.fit(order));
        assertRefusedNaming(
                () -> ScoreHistogram.of(labels, 0), "binCount is 0; expected at least 1");
        assertRefusedNaming(
                () -> CalibrationLine.fit(TestLabels.of("11", 0.3, 0.4)), "0 negative cases");
    }

    private static void assertRefused(ThrowingCallable call) {
        assertRefusedNaming(call, "needs probabilities");
    }
}
