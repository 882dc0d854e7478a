package org.deepcovid.examples;

import java.nio.file.Path;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.core.image.PngWriter;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.eval.explain.Cam;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.explain.Heatmap;
import org.deepcovid.eval.explain.HeatmapOverlay;
import org.deepcovid.models.Backbones;

/** Fine-tunes the bundled SqueezeNet and writes a heatmap of the first test image. */
public final class ExplainOneImage {

    private ExplainOneImage() {}

    /** Runs the example; the argument is a folder or CSV manifest of radiographs. */
    public static void main(String[] args) {
        DatasetSplit split = PatientSplitter.seeded(1).split(XrayDataset.read(Path.of(args[0])));
        RasterImage image = ImageDecoder.decode(split.test().get(0).file());
        try (FineTuned run = CovidClassifier.fineTune(Backbones.bundled(), split.fitting());
                ExplainedModel model = ExplainedModel.of(run.classifier())) {
            Heatmap map = new Cam().explain(model, image, "covid");
            HeatmapOverlay overlay = HeatmapOverlay.defaults();
            RasterImage picture = overlay.draw(image, map, java.util.Optional.empty());
            PngWriter.write(picture, overlay.texts(map), Path.of("heatmap.png"), IfExists.REPLACE);
        }
        System.out.println("heatmap.png written. " + HeatmapOverlay.NOTICE);
    }
}
