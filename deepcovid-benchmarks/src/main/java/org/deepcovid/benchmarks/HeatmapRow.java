package org.deepcovid.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.explain.HeatmapMethod;

/**
 * Heatmaps of one decoded image and a prediction of it, in turn: CAM, HiResCAM at a layer about two
 * thirds up the network, and occlusion.
 */
final class HeatmapRow {

    private static final String ROW = "heatmaps";
    private static final String COVID = Label.COVID.name();
    private static final String PREDICTION = "prediction";

    private HeatmapRow() {}

    static List<Figure> measure(RowOptions options) throws IOException {
        RasterImage image = ImageDecoder.decode(ImageFolder.files(options.data()).get(0));
        List<Figure> figures = new ArrayList<>();
        for (String network : options.networks()) {
            Path file = SavedClassifier.file(network, options);
            try (CovidClassifier classifier = CovidClassifier.load(file);
                    ExplainedModel model = ExplainedModel.of(classifier)) {
                Map<String, Double> times =
                        InTurn.medians(options.rounds(7), works(model, image, innerLayer(network)));
                figures.addAll(figures(network, times));
            }
        }
        return figures;
    }

    /** A feature map with 1/14 of the input's side, 1/8 in SqueezeNet. */
    static String innerLayer(String network) {
        return switch (network) {
            case "squeezenet" -> "fire5";
            case "resnet18" -> "layer3.1";
            case "resnet50" -> "layer3.5";
            case "densenet121" -> "denseblock3.denselayer24";
            default ->
                    throw new IllegalArgumentException(
                            "network is '%s'; expected squeezenet, resnet18, resnet50 or densenet121"
                                    .formatted(network));
        };
    }

    private static Map<String, DoubleSupplier> works(
            ExplainedModel model, RasterImage image, String layer) {
        Map<String, DoubleSupplier> works = new LinkedHashMap<>();
        works.put(PREDICTION, InTurn.milliseconds(() -> model.probabilities(image)));
        for (HeatmapMethod method :
                List.of(
                        HeatmapMethod.cam(),
                        HeatmapMethod.hiResCam(layer),
                        HeatmapMethod.occlusion(32, 16))) {
            works.put(
                    method.title(), InTurn.milliseconds(() -> method.explain(model, image, COVID)));
        }
        return works;
    }

    private static List<Figure> figures(String network, Map<String, Double> times) {
        List<Figure> figures = new ArrayList<>();
        times.forEach((what, time) -> figures.add(new Figure(ROW, network, what, time, "ms")));
        double ratio = times.get(HeatmapMethod.cam().title()) / times.get(PREDICTION);
        figures.add(new Figure(ROW, network, "CAM over prediction", ratio, "times"));
        return figures;
    }
}
