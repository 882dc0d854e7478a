package org.deepcovid.cli;

import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.eval.metrics.ThresholdRule;
import picocli.CommandLine.Option;

/** Options of fine-tuning; the defaults are the paper's recipe. */
final class Recipe {

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "passes over the data; the best is kept (default ${DEFAULT-VALUE})")
    private int epochs = 100;

    @Option(
            names = "--learning-rate",
            paramLabel = "RATE",
            description = "step size (default ${DEFAULT-VALUE})")
    private double learningRate = 1e-4;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "images per update (default ${DEFAULT-VALUE})")
    private int batchSize = 20;

    @Option(
            names = "--copies",
            paramLabel = "N",
            description =
                    "versions of each covid image, all but one augmented (default"
                            + " ${DEFAULT-VALUE})")
    private int copies = 5;

    @Option(
            names = "--sensitivity",
            paramLabel = "SHARE",
            description =
                    "sensitivity that the threshold reaches on out-of-fold scores (default"
                            + " ${DEFAULT-VALUE})")
    private double sensitivity = 0.95;

    ThresholdRule rule(Subcommand command) {
        return rule(command, sensitivity);
    }

    static ThresholdRule rule(Subcommand command, double sensitivity) {
        if (!(sensitivity > 0 && sensitivity <= 1)) {
            throw command.usage(
                    "--sensitivity is %s; expected more than 0 and at most 1", sensitivity);
        }
        return ThresholdRule.sensitivityAtLeast(sensitivity);
    }

    FineTuneConfig config(Subcommand command) {
        requirePositive(command, "--epochs", epochs);
        requirePositive(command, "--batch-size", batchSize);
        requirePositive(command, "--copies", copies);
        if (!(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY)) {
            throw command.usage(
                    "--learning-rate is %s; expected a positive number such as 1e-4", learningRate);
        }
        FineTuneConfig config =
                FineTuneConfig.defaults()
                        .withSeed(command.seed())
                        .withEpochs(epochs)
                        .withLearningRate(learningRate)
                        .withBatchSize(batchSize);
        return config.withPositiveCopies(copies, config.augmentation());
    }

    private static void requirePositive(Subcommand command, String option, int value) {
        if (value < 1) {
            throw command.usage("%s is %d; expected at least 1", option, value);
        }
    }
}
