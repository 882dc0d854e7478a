package org.deepcovid.examples;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.eval.metrics.ThresholdRule;
import org.deepcovid.eval.report.Evaluation;
import org.deepcovid.models.Backbones;

/** Fine-tunes the bundled SqueezeNet and ResNet-50 on the same split and prints their areas. */
public final class CompareNetworks {

    private CompareNetworks() {}

    /**
     * Runs the example.
     *
     * @param args folder or CSV manifest of radiographs
     */
    public static void main(String[] args) {
        DatasetSplit split = PatientSplitter.seeded(1).split(XrayDataset.read(Path.of(args[0])));
        ThresholdRule rule = ThresholdRule.sensitivityAtLeast(0.95);
        List<Supplier<Backbone>> networks =
                List.of(Backbones::bundled, () -> Backbones.load("resnet50"));
        for (Supplier<Backbone> choice : networks) {
            Backbone network = choice.get();
            String name = network.spec().architecture();
            try (FineTuned run = CovidClassifier.fineTune(network, split.fitting())) {
                double area = Evaluation.of(run, rule, split.test()).roc().auc();
                System.out.printf("%-14s area under the ROC curve %.4f%n", name, area);
            }
        }
    }
}
