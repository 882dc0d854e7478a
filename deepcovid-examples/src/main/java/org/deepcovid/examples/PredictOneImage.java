package org.deepcovid.examples;

import java.nio.file.Path;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.models.Backbones;

/** Fine-tunes the bundled SqueezeNet and scores the first test image. */
public final class PredictOneImage {

    private PredictOneImage() {}

    /**
     * Runs the example.
     *
     * @param args folder or CSV manifest of radiographs
     */
    public static void main(String[] args) {
        DatasetSplit split = PatientSplitter.seeded(1).split(XrayDataset.read(Path.of(args[0])));
        Path image = split.test().get(0).file();
        try (FineTuned run = CovidClassifier.fineTune(Backbones.bundled(), split.fitting())) {
            double score = run.classifier().predict(image).positiveProbability();
            System.out.printf("%s: score for covid %.4f%n", image, score);
            System.out.println("Score of a research model. Not a diagnostic device.");
        }
    }
}
