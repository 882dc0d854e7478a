package org.deepcovid.examples;

import java.nio.file.Path;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.image.Augmentation;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.eval.metrics.ThresholdRule;
import org.deepcovid.eval.report.Evaluation;
import org.deepcovid.models.Backbones;

/** Fine-tunes the bundled SqueezeNet by a recipe other than the paper's, and evaluates it. */
public final class OwnRecipe {

    private OwnRecipe() {}

    /**
     * Runs the example.
     *
     * @param args folder or CSV manifest of radiographs
     */
    public static void main(String[] args) {
        DatasetSplit split = PatientSplitter.seeded(1).split(XrayDataset.read(Path.of(args[0])));
        FineTuneConfig recipe =
                FineTuneConfig.defaults()
                        .withEpochs(40)
                        .withLearningRate(3e-4)
                        .withPositiveCopies(1, Augmentation.none());
        try (FineTuned run =
                CovidClassifier.fineTune(Backbones.bundled(), split.fitting(), recipe)) {
            ThresholdRule rule = ThresholdRule.sensitivityAtLeast(0.95);
            System.out.print(Evaluation.of(run, rule, split.test()).toText());
        }
    }
}
