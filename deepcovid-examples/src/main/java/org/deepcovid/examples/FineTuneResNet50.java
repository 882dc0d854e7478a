package org.deepcovid.examples;

import java.nio.file.Path;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.eval.metrics.ThresholdRule;
import org.deepcovid.eval.report.Evaluation;
import org.deepcovid.models.Backbones;

/** Fine-tunes ResNet-50 with ImageNet weights, which are downloaded once, and evaluates it. */
public final class FineTuneResNet50 {

    private FineTuneResNet50() {}

    /**
     * Runs the example.
     *
     * @param args folder or CSV manifest of radiographs
     */
    public static void main(String[] args) {
        DatasetSplit split = PatientSplitter.seeded(1).split(XrayDataset.read(Path.of(args[0])));
        Backbone resNet50 = Backbones.load("resnet50");
        try (FineTuned run = CovidClassifier.fineTune(resNet50, split.fitting())) {
            System.out.print(
                    Evaluation.of(run, ThresholdRule.sensitivityAtLeast(0.95), split.test())
                            .toText());
        }
    }
}
