package org.deepcovid.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.explain.HeatmapMethod;

/**
 * Heatmaps of one decoded image, and one prediction of it, in turn: from one forward pass, by
 * differentiation down to a layer two thirds up the network, and from many forward passes.
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
                Map<String, double[]> times =
                        inTurn(works(model, image, innerLayer(network)), options.rounds(7));
                figures.addAll(figures(network, times));
            }
        }
        return figures;
    }

    /** A feature map with a fourteenth of the input's side, or in SqueezeNet an eighth. */
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

    private static Map<String, Runnable> works(
            ExplainedModel model, RasterImage image, String layer) {
        Map<String, Runnable> works = new LinkedHashMap<>();
        works.put(PREDICTION, () -> model.probabilities(image));
        for (HeatmapMethod method :
                List.of(
                        HeatmapMethod.cam(),
                        HeatmapMethod.hiResCam(layer),
                        HeatmapMethod.occlusion(32, 16))) {
            works.put(method.title(), () -> method.explain(model, image, COVID));
        }
        return works;
    }

    private static Map<String, double[]> inTurn(Map<String, Runnable> works, int rounds) {
        Map<String, double[]> times = new LinkedHashMap<>();
        for (int i = -1; i < rounds; i++) {
            for (Map.Entry<String, Runnable> work : works.entrySet()) {
                double time = milliseconds(work.getValue());
                if (i >= 0) { // the first round loads classes
                    times.computeIfAbsent(work.getKey(), key -> new double[rounds])[i] = time;
                }
            }
        }
        return times;
    }

    private static double milliseconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e6;
    }

    private static List<Figure> figures(String network, Map<String, double[]> times) {
        List<Figure> figures = new ArrayList<>();
        times.forEach(
                (what, values) ->
                        figures.add(
                                new Figure(
                                        ROW,
                                        network,
                                        what,
                                        CompareAlternating.median(values),
                                        "ms")));
        double ratio =
                CompareAlternating.median(times.get(HeatmapMethod.cam().title()))
                        / CompareAlternating.median(times.get(PREDICTION));
        figures.add(new Figure(ROW, network, "CAM over prediction", ratio, "times"));
        return figures;
    }
}
