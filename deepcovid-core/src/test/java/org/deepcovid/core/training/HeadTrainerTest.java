package org.deepcovid.core.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.deepcovid.core.CovidLabel;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HeadTrainerTest {

    private static final FineTuneConfig CONFIG =
            FineTuneConfig.defaults().withEpochs(30).withLearningRate(0.01).withSeed(5);

    @BeforeAll
    static void start() {
        DeepCovidRuntime.initialise();
    }

    /** One positive in five; positives lie one unit further along the first of eight features. */
    private static LabelledFeatures features(int size, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> ids = new ArrayList<>();
        List<CovidLabel> labels = new ArrayList<>();
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            CovidLabel label = i % 5 == 0 ? CovidLabel.COVID : CovidLabel.NON_COVID;
            float[] row = new float[8];
            for (int f = 0; f < row.length; f++) {
                row[f] = (float) random.nextDouble();
            }
            row[0] += label.classIndex();
            ids.add("image " + i);
            labels.add(label);
            rows.add(row);
        }
        return new LabelledFeatures(ids, labels, rows);
    }

    private static HeadTrainer.Outcome train(FineTuneConfig config) {
        return new HeadTrainer(config, features(200, 1), features(50, 2))
                .train(FineTuneListener.SILENT);
    }

    @Test
    void learnsToSeparateTheClasses() {
        HeadTrainer.Outcome outcome = train(CONFIG);
        LabelledFeatures unseen = features(100, 3);

        int right = 0;
        for (int i = 0; i < unseen.size(); i++) {
            double p = outcome.head().probabilities(unseen.rows().get(i))[1];
            right += (p >= 0.5) == (unseen.labels().get(i) == CovidLabel.COVID) ? 1 : 0;
        }
        assertThat(right).isGreaterThan(85);
        List<EpochSummary> history = outcome.history();
        assertThat(history.get(29).trainingLoss()).isLessThan(0.7 * history.get(0).trainingLoss());
    }

    @Test
    void sameSeedGivesTheSameHeadAndAnotherSeedAnother() {
        assertThat(train(CONFIG).head()).isEqualTo(train(CONFIG).head());
        assertThat(train(CONFIG).history()).isEqualTo(train(CONFIG).history());
        assertThat(train(CONFIG.withSeed(6)).head()).isNotEqualTo(train(CONFIG).head());
    }

    @Test
    void keepsTheEpochWithTheLeastValidationLoss() {
        HeadTrainer.Outcome outcome = train(CONFIG.withLearningRate(0.5).withEpochs(40));

        EpochSummary best =
                outcome.history().stream()
                        .min(Comparator.comparingDouble(EpochSummary::validationLoss))
                        .orElseThrow();
        assertThat(outcome.bestEpoch()).isEqualTo(best.epoch()).isLessThan(40);
        HeadTrainer.Outcome stoppedThere =
                train(CONFIG.withLearningRate(0.5).withEpochs(best.epoch()));
        assertThat(outcome.head()).isEqualTo(stoppedThere.head());
    }

    @Test
    void validationLossIsTheWeightedMeanCrossEntropy() {
        LabelledFeatures training = features(200, 1);
        LabelledFeatures validation = features(50, 2);
        HeadTrainer.Outcome outcome =
                new HeadTrainer(CONFIG.withEpochs(1), training, validation)
                        .train(FineTuneListener.SILENT);

        double sum = 0;
        for (int i = 0; i < validation.size(); i++) {
            int label = validation.labels().get(i).classIndex();
            double weight = label == 1 ? 200 / (2.0 * 40) : 200 / (2.0 * 160);
            sum -= weight * Math.log(outcome.head().probabilities(validation.rows().get(i))[label]);
        }
        assertThat(outcome.history().get(0).validationLoss()).isCloseTo(sum / 50, within(1e-12));
    }

    @Test
    void weightedLossRaisesTheScoresOfTheRareClass() {
        FineTuneConfig plain = CONFIG.withBalance(ClassBalance.NONE);

        assertThat(meanPositiveScore(CONFIG)).isGreaterThan(meanPositiveScore(plain) + 0.1);
    }

    private static double meanPositiveScore(FineTuneConfig config) {
        LabelledFeatures unseen = features(100, 3);
        HeadTrainer.Outcome outcome = train(config);
        return unseen.rows().stream()
                .mapToDouble(row -> outcome.head().probabilities(row)[1])
                .average()
                .orElseThrow();
    }

    @Test
    void stopsWhenTheListenerAsks() {
        List<Integer> epochs = new ArrayList<>();
        FineTuneListener afterThree =
                new FineTuneListener() {
                    @Override
                    public void onEpoch(EpochSummary summary) {
                        epochs.add(summary.epoch());
                    }

                    @Override
                    public boolean isCancelled() {
                        return epochs.size() == 3;
                    }
                };
        HeadTrainer trainer = new HeadTrainer(CONFIG, features(200, 1), features(50, 2));

        assertThatThrownBy(() -> trainer.train(afterThree))
                .isInstanceOf(CancellationException.class);
        assertThat(epochs).containsExactly(1, 2, 3);
    }

    @Test
    void shufflesEveryIndexOnce() {
        int[] order = HeadTrainer.shuffledOrder(100, new SplittableRandom(1));

        assertThat(order).hasSize(100).doesNotHaveDuplicates().isNotEqualTo(sorted(order));
        assertThat(order).contains(0, 99);
    }

    private static int[] sorted(int[] order) {
        int[] copy = order.clone();
        java.util.Arrays.sort(copy);
        return copy;
    }
}
