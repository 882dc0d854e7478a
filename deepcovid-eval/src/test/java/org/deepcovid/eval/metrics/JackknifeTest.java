package org.deepcovid.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class JackknifeTest {

    @Test
    void accelerationOfAMeanIsASixthOfItsSkewness() {
        double[] scores = new double[50];
        Arrays.setAll(scores, i -> Math.pow((i + 1) / 51.0, 4));
        ScoredLabels labels = ScoredLabels.ofScores(new boolean[50], scores);
        double mean = Arrays.stream(scores).average().orElseThrow();
        double squares = Arrays.stream(scores).map(s -> Math.pow(s - mean, 2)).sum();
        double cubes = Arrays.stream(scores).map(s -> Math.pow(s - mean, 3)).sum();
        Clusters alone = Clusters.singletons(50);

        double found =
                Jackknife.acceleration(
                        new Resampler(labels, alone, 1).strata(),
                        alone,
                        weights -> weightedMean(scores, weights));

        assertThat(found).isCloseTo(cubes / (6 * Math.pow(squares, 1.5)), within(1e-12));
    }

    private static OptionalDouble weightedMean(double[] scores, int[] weights) {
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            sum += weights[i] * scores[i];
        }
        return OptionalDouble.of(sum / Arrays.stream(weights).sum());
    }

    @Test
    void skewnessOfManyClustersComesFromAThousand() {
        ScoredLabels labels = TestLabels.overlapping(5, 1500, 1500, 1);
        List<Integer> sizes = new ArrayList<>();
        Metric counting =
                drawn -> {
                    sizes.add(drawn.size());
                    return Metric.sensitivityAt(0.5).of(drawn);
                };

        assertThat(
                        Bootstrap.seeded(7)
                                .withReplicates(20)
                                .estimate(counting, labels, Clusters.singletons(3000)))
                .isPresent();
        assertThat(sizes).hasSize(1 + 20 + 2000);
    }

    @Test
    void singleCaseOfAClassShowsNoSpread() {
        ScoredLabels labels = TestLabels.of("10000", 0.6, 0.8, 0.5, 0.4, 0.1);

        Bootstrap.Estimate found =
                Bootstrap.seeded(7)
                        .estimate(Metric.auc(), labels, Clusters.singletons(5))
                        .orElseThrow();

        assertThat(found.interval().contains(0.75)).isTrue();
        assertThat(found.undefinedReplicates()).isZero();
    }
}
