package org.deepcovid.examples;

import java.nio.file.Path;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.eval.metrics.ThresholdRule;
import org.deepcovid.eval.report.Evaluation;
import org.deepcovid.models.Backbones;

/** Fine-tunes the bundled SqueezeNet, evaluates it and saves it as example.deepcovid. */
public final class FineTuneSqueezeNet {

    private FineTuneSqueezeNet() {}

    /**
     * Runs the example.
     *
     * @param args folder or CSV manifest of radiographs
     */
    public static void main(String[] args) {
        DatasetSplit split = PatientSplitter.seeded(1).split(XrayDataset.read(Path.of(args[0])));
        try (FineTuned run = CovidClassifier.fineTune(Backbones.bundled(), split.fitting())) {
            Evaluation evaluation =
                    Evaluation.of(run, ThresholdRule.sensitivityAtLeast(0.95), split.test());
            System.out.print(evaluation.toText());
            Path file = Path.of("example.deepcovid");
            run.classifier(evaluation.decisions()).save(file, IfExists.REPLACE);
            System.out.println("classifier saved to " + file);
        }
    }
}
