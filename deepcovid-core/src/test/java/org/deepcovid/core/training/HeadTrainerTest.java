package org.deepcovid.core.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.testing.Failures.assertFails;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.model.LinearHead;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.core.training.LearningRateSchedule.StepDecay;
import org.deepcovid.core.training.Optimizer.SgdMomentum;
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
        List<Label> labels = new ArrayList<>();
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            Label label = i % 5 == 0 ? Label.COVID : Label.NON_COVID;
            float[] row = new float[8];
            for (int f = 0; f < row.length; f++) {
                row[f] = (float) random.nextDouble();
            }
            row[0] += LabelSet.COVID.indexOf(label);
            ids.add("image " + i);
            labels.add(label);
            rows.add(row);
        }
        return new LabelledFeatures(LabelSet.COVID, ids, labels, rows);
    }

    private static HeadTrainer.Outcome train(FineTuneConfig config) {
        return new HeadTrainer(config, List.of(features(200, 1)))
                .train(features(50, 2), FineTuneListener.SILENT);
    }

    @Test
    void learnsToSeparateTheClasses() {
        HeadTrainer.Outcome outcome = train(CONFIG);
        LabelledFeatures unseen = features(100, 3);

        int right = 0;
        for (int i = 0; i < unseen.size(); i++) {
            double p = outcome.head().probabilities(unseen.rows().get(i))[1];
            right += (p >= 0.5) == unseen.labels().get(i).equals(Label.COVID) ? 1 : 0;
        }
        assertThat(right).isGreaterThan(85);
        List<EpochSummary> history = outcome.history();
        assertThat(history.get(29).trainingLoss()).isLessThan(0.7 * history.get(0).trainingLoss());
    }

    @Test
    void patienceEndsTheTrainingAndKeepsTheSameHead() {
        FineTuneConfig wild = CONFIG.withLearningRate(1);
        HeadTrainer.Outcome all = train(wild);
        HeadTrainer.Outcome stopped = train(wild.withPatience(2));

        int epochs = stopped.history().size();
        assertThat(epochs).isEqualTo(stopped.bestEpoch() + 2).isLessThan(30);
        assertThat(stopped.history()).isEqualTo(all.history().subList(0, epochs));
        assertThat(train(CONFIG.withPatience(30)).head()).isEqualTo(train(CONFIG).head());
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
    void fittingWithoutValidationKeepsTheLastEpoch() {
        List<Integer> epochs = new ArrayList<>();
        LinearHead last =
                new HeadTrainer(CONFIG.withEpochs(4), List.of(features(200, 1)))
                        .fit(FineTuneListener.SILENT, epochs::add);

        assertThat(epochs).containsExactly(1, 2, 3, 4);
        HeadTrainer.Outcome falling = train(CONFIG.withEpochs(4));
        assertThat(falling.bestEpoch()).isEqualTo(4); // so that both are of the same epoch
        assertThat(last).isEqualTo(falling.head());
    }

    @Test
    void validationLossIsTheWeightedMeanCrossEntropy() {
        LabelledFeatures training = features(200, 1);
        LabelledFeatures validation = features(50, 2);
        HeadTrainer.Outcome outcome =
                new HeadTrainer(CONFIG.withEpochs(1), List.of(training))
                        .train(validation, FineTuneListener.SILENT);

        double sum = 0;
        for (int i = 0; i < validation.size(); i++) {
            int label = LabelSet.COVID.indexOf(validation.labels().get(i));
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

    /**
     * Full batches, so that the order of the images cannot matter; the reference computes softmax
     * regression in double precision with PyTorch's form of momentum.
     */
    @Test
    void momentumAndStepDecayFollowTheReference() {
        FineTuneConfig config =
                CONFIG.withOptimizer(new SgdMomentum(0.9))
                        .withSchedule(new StepDecay(0.1, 3))
                        .withBalance(ClassBalance.NONE)
                        .withBatchSize(200)
                        .withLearningRate(0.1)
                        .withEpochs(8);
        LabelledFeatures data = features(200, 1);
        double[][] weights = initialWeights(config, data);
        double[][] velocity = new double[2][9];
        for (int epoch = 1; epoch <= 8; epoch++) {
            double rate = epoch <= 3 ? 0.1 : epoch <= 6 ? 0.01 : 0.001;
            double[][] gradient = gradient(weights, data);
            for (int c = 0; c < 2; c++) {
                for (int f = 0; f < 9; f++) {
                    velocity[c][f] = 0.9 * velocity[c][f] + gradient[c][f];
                    weights[c][f] -= rate * velocity[c][f];
                }
            }
        }

        HeadTrainer.Outcome outcome =
                new HeadTrainer(config, List.of(data)).train(data, FineTuneListener.SILENT);

        assertThat(outcome.bestEpoch()).isEqualTo(8);
        double[][] trained = weights(outcome.head());
        for (int c = 0; c < 2; c++) {
            assertThat(trained[c]).containsExactly(weights[c], within(1e-5));
        }
    }

    /** One epoch with a step too small to change a float leaves the initial weights. */
    private static double[][] initialWeights(FineTuneConfig config, LabelledFeatures data) {
        FineTuneConfig still = config.withLearningRate(1e-30).withEpochs(1);
        return weights(
                new HeadTrainer(still, List.of(data)).train(data, FineTuneListener.SILENT).head());
    }

    /** One row a class: the weights of the features, then the bias. */
    private static double[][] weights(LinearHead head) {
        double[][] rows = new double[2][9];
        for (int c = 0; c < 2; c++) {
            for (int f = 0; f < 8; f++) {
                rows[c][f] = head.weights()[c * 8 + f];
            }
            rows[c][8] = head.bias()[c];
        }
        return rows;
    }

    private static double[][] gradient(double[][] weights, LabelledFeatures data) {
        double[][] sum = new double[2][9];
        for (int i = 0; i < data.size(); i++) {
            float[] row = data.rows().get(i);
            double[] logits = {weights[0][8], weights[1][8]};
            for (int c = 0; c < 2; c++) {
                for (int f = 0; f < 8; f++) {
                    logits[c] += weights[c][f] * row[f];
                }
            }
            double p = 1 / (1 + Math.exp(logits[0] - logits[1]));
            double error = p - LabelSet.COVID.indexOf(data.labels().get(i));
            for (int f = 0; f < 9; f++) {
                double x = f == 8 ? 1 : row[f];
                sum[1][f] += error * x / data.size();
                sum[0][f] -= error * x / data.size();
            }
        }
        return sum;
    }

    @Test
    void epochsTakeTurnsWithTheRounds() {
        LabelledFeatures validation = features(50, 2);
        List<LabelledFeatures> two = List.of(features(200, 1), features(200, 7));
        FineTuneConfig config = CONFIG.withEpochs(3);

        List<EpochSummary> turns = history(config, two, validation);
        List<EpochSummary> same = history(config, two.subList(0, 1), validation);
        List<EpochSummary> spelled =
                history(config, List.of(two.get(0), two.get(1), two.get(0)), validation);

        assertThat(turns).isEqualTo(spelled);
        assertThat(turns.get(0)).isEqualTo(same.get(0));
        assertThat(turns.get(1)).isNotEqualTo(same.get(1));
    }

    private static List<EpochSummary> history(
            FineTuneConfig config, List<LabelledFeatures> rounds, LabelledFeatures validation) {
        return new HeadTrainer(config, rounds).train(validation, FineTuneListener.SILENT).history();
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
        HeadTrainer trainer = new HeadTrainer(CONFIG, List.of(features(200, 1)));

        assertFails(CancellationException.class, () -> trainer.train(features(50, 2), afterThree));
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
