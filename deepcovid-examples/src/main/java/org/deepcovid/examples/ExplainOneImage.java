package org.deepcovid.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.explain.HeatmapFigure;
import org.deepcovid.eval.explain.HeatmapMethod;
import org.deepcovid.eval.explain.HeatmapOverlay;
import org.deepcovid.eval.figure.Figure;
import org.deepcovid.models.Backbones;

/** Fine-tunes the bundled SqueezeNet and writes a heatmap of the first test image. */
public final class ExplainOneImage {

    private ExplainOneImage() {}

    /** Runs the example; the argument is a folder or CSV manifest of radiographs. */
    public static void main(String[] args) throws IOException {
        DatasetSplit split = PatientSplitter.seeded(1).split(XrayDataset.read(Path.of(args[0])));
        RasterImage image = split.test().get(0).radiograph().decode();
        List<HeatmapMethod> methods = List.of(HeatmapMethod.cam(), HeatmapMethod.occlusion(32, 16));
        try (FineTuned run = CovidClassifier.fineTune(Backbones.bundled(), split.fitting());
                ExplainedModel model = ExplainedModel.of(run.classifier())) {
            String covid = model.positive();
            Figure figure = HeatmapFigure.of(model, "test image", image, covid, methods).figure();
            Files.write(Path.of("heatmap.png"), figure.toPng());
        }
        System.out.println("heatmap.png written. " + HeatmapOverlay.NOTICE);
    }
}
