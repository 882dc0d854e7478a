package example;

import java.nio.file.Path;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.eval.metrics.ThresholdRule;
import org.deepcovid.eval.report.Evaluation;
import org.deepcovid.models.Backbones;

/** The program of README.md, compiled against the published artifacts. */
public final class TenLines {

    private TenLines() {}

    /** Reads the folder {@code radiographs} and writes {@code squeezenet.deepcovid}. */
    public static void main(String[] args) {
        // region readme
        DatasetSplit split =
                PatientSplitter.seeded(1).split(XrayDataset.read(Path.of("radiographs")));
        Backbone backbone = Backbones.bundled(); // SqueezeNet; or load("resnet50")
        try (FineTuned run = CovidClassifier.fineTune(backbone, split.fitting())) {
            // the threshold is chosen without the test images, and applied to them once
            Evaluation report =
                    Evaluation.of(run, ThresholdRule.sensitivityAtLeast(0.95), split.test());
            System.out.print(report.toText());
            run.classifier(report.decisions())
                    .save(Path.of("squeezenet.deepcovid"), IfExists.REPLACE);
        }
        // endregion
    }
}
