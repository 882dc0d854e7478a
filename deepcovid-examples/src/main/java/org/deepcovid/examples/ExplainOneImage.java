package org.deepcovid.examples;

import java.nio.file.Path;
import java.util.Optional;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.image.PngWriter;
import org.deepcovid.core.image.Radiograph;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.eval.explain.Heatmap;
import org.deepcovid.eval.explain.HeatmapMethod;
import org.deepcovid.eval.explain.HeatmapOverlay;
import org.deepcovid.models.Backbones;

/** Fine-tunes the bundled SqueezeNet and writes a heatmap of the first test image. */
public final class ExplainOneImage {

    private ExplainOneImage() {}

    /** Runs the example; the argument is a folder or CSV manifest of radiographs. */
    public static void main(String[] args) {
        DatasetSplit split = PatientSplitter.seeded(1).split(XrayDataset.read(Path.of(args[0])));
        Radiograph radiograph = split.test().get(0).radiograph();
        try (FineTuned run = CovidClassifier.fineTune(Backbones.bundled(), split.fitting())) {
            Heatmap map = Heatmap.of(run.classifier(), radiograph, HeatmapMethod.cam());
            HeatmapOverlay overlay = HeatmapOverlay.defaults();
            RasterImage picture = overlay.draw(radiograph.decode(), map, Optional.empty());
            PngWriter.write(picture, overlay.texts(map), Path.of("heatmap.png"), IfExists.REPLACE);
        }
        System.out.println("heatmap.png written. " + HeatmapOverlay.NOTICE);
    }
}
