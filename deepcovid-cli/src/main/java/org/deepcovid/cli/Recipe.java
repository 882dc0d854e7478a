package org.deepcovid.cli;

import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.eval.metrics.ThresholdRule;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of fine-tuning; the defaults are the paper's recipe. */
final class Recipe {

    @Mixin private final Epochs epochs = new Epochs();
    @Mixin private final Sensitivity sensitivity = new Sensitivity(0.95);

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

    ThresholdRule rule(Subcommand command) {
        return sensitivity.rule(command);
    }

    FineTuneConfig config(Subcommand command) {
        if (!(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY)) {
            throw command.usage(
                    "--learning-rate is %s; expected a positive number such as 1e-4", learningRate);
        }
        FineTuneConfig config =
                FineTuneConfig.defaults()
                        .withSeed(command.seed())
                        .withEpochs(epochs.get(command))
                        .withLearningRate(learningRate)
                        .withBatchSize(command.positive("--batch-size", batchSize));
        return config.withPositiveCopies(
                command.positive("--copies", copies), config.augmentation());
    }
}
