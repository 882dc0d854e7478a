package org.deepcovid.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RocBandTest {

    private static final ScoredLabels LABELS = TestLabels.overlapping(1, 60, 140, 2);
    private static final Clusters ALONE = Clusters.singletons(200);
    private static final Bootstrap BOOTSTRAP = Bootstrap.seeded(7);

    @Test
    void bandEnclosesTheCurveAndTouchesItsEnds() {
        RocBand band = RocBand.of(LABELS, ALONE, BOOTSTRAP.withReplicates(400), 21);

        assertThat(band.points()).hasSize(21);
        assertThat(band.points().get(20).sensitivity()).isEqualTo(1);
        assertThat(band.points().get(20).interval()).isEqualTo(new ConfidenceInterval(1, 1, 0.95));
        for (RocBand.Point point : band.points()) {
            assertThat(point.interval().contains(point.sensitivity())).isTrue();
        }
        assertThat(band.points().get(4).falsePositiveRate()).isEqualTo(0.2);
        assertThat(band.points().get(4).interval().width()).isBetween(0.05, 0.35);
        assertThat(RocBand.of(LABELS, ALONE, BOOTSTRAP.withReplicates(400), 21)).isEqualTo(band);
    }

    @Test
    void bandInterpolatesBetweenPointsAndTakesTheTopOfVerticalParts() {
        ScoredLabels labels = TestLabels.of("1101001", 0.9, 0.8, 0.6, 0.6, 0.4, 0.3, 0.2);
        RocBand band = RocBand.of(labels, Clusters.singletons(7), BOOTSTRAP, 7);

        // By falling score: two positives, one of each tied, two negatives, a positive.
        assertThat(band.points().get(0).sensitivity()).isEqualTo(0.5);
        assertThat(band.points().get(1).sensitivity()).isCloseTo(0.625, within(1e-12));
        assertThat(band.points().get(2).sensitivity()).isCloseTo(0.75, within(1e-12));
        assertThat(band.points().get(4).sensitivity()).isCloseTo(0.75, within(1e-12));
        assertThat(band.points().get(6).sensitivity()).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RocBand.of(labels, Clusters.singletons(7), BOOTSTRAP, 1))
                .withMessage("gridPoints is 1; expected at least 2");
    }
}
