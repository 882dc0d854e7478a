package example;

import java.nio.file.Path;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.models.Backbones;

/** Fine-tunes on a folder of radiographs and scores one file. */
public final class TenLines {

    private TenLines() {}

    /** Arguments: a folder with {@code covid/} and {@code non/}, and a radiograph. */
    public static void main(String[] args) {
        XrayDataset radiographs = XrayDataset.read(Path.of(args[0]));
        DatasetSplit split = PatientSplitter.seeded(1).split(radiographs);
        Backbone backbone = Backbones.bundled();
        FineTuneConfig recipe = FineTuneConfig.defaults().withEpochs(5);
        try (FineTuned run = CovidClassifier.fineTune(backbone, split.fitting(), recipe)) {
            CovidClassifier classifier = run.classifier();
            System.out.println(classifier.provenance().environment().summary());
            System.out.println(classifier.predict(Path.of(args[1])).covidProbability());
        }
    }
}
