package org.deepcovid.cli;

import java.nio.file.Path;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.eval.metrics.ThresholdRule;
import picocli.CommandLine.Option;

/** Options of the mains that fine-tune and then evaluate. */
final class TrainingOptions {

    @Option(names = "--seed", description = "seed of split and training (default ${DEFAULT-VALUE})")
    private long seed = 1;

    @Option(names = "--epochs", description = "passes over the data (default ${DEFAULT-VALUE})")
    private int epochs = 100;

    @Option(
            names = "--sensitivity",
            description = {
                "share of COVID images that the threshold shall find among the images it is chosen",
                "on; the nearer to 1, the fewer images decide (default ${DEFAULT-VALUE})"
            })
    private double sensitivity;

    @Option(names = "--replace", description = "replace classifier and report if they exist")
    private boolean replace;

    TrainingOptions(double sensitivity) {
        this.sensitivity = sensitivity;
    }

    /** A recipe with the seed and the number of epochs that are asked for. */
    FineTuneConfig applyTo(FineTuneConfig recipe) {
        return recipe.withSeed(seed).withEpochs(epochs);
    }

    /** Reads a dataset and divides what its folders or columns do not. */
    DatasetSplit split(Path data) {
        return PatientSplitter.seeded(seed).split(XrayDataset.read(data));
    }

    ThresholdRule rule() {
        return ThresholdRule.sensitivityAtLeast(sensitivity);
    }

    IfExists ifExists() {
        return replace ? IfExists.REPLACE : IfExists.FAIL;
    }
}
