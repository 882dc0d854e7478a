package org.deepcovid.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.CovidLabel;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.eval.explain.Cam;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.explain.HeatmapMethod;
import org.deepcovid.eval.explain.Occlusion;

/** Heatmaps of one decoded image, and one prediction of it, in turn. */
final class HeatmapRow {

    private static final String ROW = "heatmaps";
    private static final String COVID = CovidLabel.COVID.folderName();

    private HeatmapRow() {}

    static List<Figure> measure(RowOptions options) throws IOException {
        RasterImage image = ImageDecoder.decode(ImageFolder.files(options.data()).get(0));
        HeatmapMethod occlusion = new Occlusion(32, 16);
        List<Figure> figures = new ArrayList<>();
        for (String network : options.networks()) {
            Path file = SavedClassifier.file(network, options);
            try (CovidClassifier classifier = CovidClassifier.load(file);
                    ExplainedModel model = ExplainedModel.of(classifier)) {
                int rounds = options.rounds(7);
                double[] prediction = new double[rounds];
                double[] cam = new double[rounds];
                double[] covering = new double[rounds];
                for (int i = -1; i < rounds; i++) {
                    double p = milliseconds(() -> model.probabilities(image));
                    double c = milliseconds(() -> new Cam().explain(model, image, COVID));
                    double o = milliseconds(() -> occlusion.explain(model, image, COVID));
                    if (i >= 0) { // the first round loads classes
                        prediction[i] = p;
                        cam[i] = c;
                        covering[i] = o;
                    }
                }
                add(figures, network, "prediction", prediction);
                add(figures, network, "CAM", cam);
                add(figures, network, occlusion.title(), covering);
            }
        }
        return figures;
    }

    private static double milliseconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e6;
    }

    private static void add(List<Figure> figures, String network, String what, double[] values) {
        figures.add(new Figure(ROW, network, what, CompareAlternating.median(values), "ms"));
    }
}
