package org.deepcovid.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WithinGroupAucTest {

    private static final Bootstrap BOOTSTRAP = Bootstrap.seeded(1).withReplicates(200);

    private static Bootstrap.Estimate area(boolean[] truth, double[] scores, List<String> groups) {
        return BOOTSTRAP
                .withinGroups(
                        ScoredLabels.ofScores(truth, scores),
                        groups,
                        Clusters.singletons(truth.length))
                .orElseThrow();
    }

    /** Every pair of a group, with many ties and groups of one class. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void equalsTheCountOverAllPairs(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        boolean[] truth = new boolean[60];
        double[] scores = new double[60];
        List<String> groups = IntStream.range(0, 60).mapToObj(i -> "g" + i % 7).toList();
        for (int i = 0; i < 60; i++) {
            truth[i] = i % 7 > 0 && random.nextBoolean();
            scores[i] = random.nextInt(8);
        }
        double wins = 0;
        int pairs = 0;
        for (int p = 0; p < 60; p++) {
            for (int n = 0; n < 60; n++) {
                if (truth[p] && !truth[n] && groups.get(p).equals(groups.get(n))) {
                    wins += scores[p] > scores[n] ? 1 : scores[p] == scores[n] ? 0.5 : 0;
                    pairs++;
                }
            }
        }

        assertThat(area(truth, scores, groups).value()).isCloseTo(wins / pairs, within(1e-12));
    }

    @Test
    void ofOneGroupIsTheUsualAreaWithItsInterval() {
        boolean[] truth = {true, true, true, true, false, false, false, false};
        double[] scores = {4, 3, 2.5, 1, 3, 2, 1.5, 0};
        ScoredLabels labels = ScoredLabels.ofScores(truth, scores);

        assertThat(area(truth, scores, java.util.Collections.nCopies(8, "all")))
                .isEqualTo(
                        BOOTSTRAP
                                .estimate(Metric.auc(), labels, Clusters.singletons(8))
                                .orElseThrow());
    }

    /** Scores that only tell groups apart, of which one is mostly positive. */
    @Test
    void isHalfWhereScoresOnlyTellGroupsApart() {
        boolean[] truth = {true, true, true, false, true, false, false, false};
        double[] scores = {1, 1, 1, 1, 0, 0, 0, 0};
        List<String> groups = List.of("a", "a", "a", "a", "b", "b", "b", "b");

        assertThat(area(truth, scores, groups).value()).isEqualTo(0.5);
        assertThat(RocCurve.of(ScoredLabels.ofScores(truth, scores)).auc()).isEqualTo(0.75);
    }

    @Test
    void isAbsentWhereNoGroupHoldsBothClasses() {
        ScoredLabels labels =
                ScoredLabels.ofScores(new boolean[] {true, false}, new double[] {1, 0});

        assertThat(BOOTSTRAP.withinGroups(labels, List.of("a", "b"), Clusters.singletons(2)))
                .isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> BOOTSTRAP.withinGroups(labels, List.of("a"), Clusters.singletons(2)))
                .withMessage("1 groups but 2 cases; expected one group per case");
    }
}
