package org.deepcovid.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.inference.Precision;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;

/** Scores the test images with both engines. */
final class AccuracyRow {

    private static final String ROW = "accuracy";

    private AccuracyRow() {}

    static List<Figure> measure(RowOptions options) throws IOException {
        List<LabelledImage> test =
                PatientSplitter.seeded(1).split(XrayDataset.read(options.data())).test();
        List<Figure> figures = new ArrayList<>();
        for (String network : options.networks()) {
            Path file = SavedClassifier.file(network, options);
            List<ScoredImage> compiled = scores(file, "compiled", test);
            List<ScoredImage> graph = scores(file, "graph", test);
            figures.add(new Figure(ROW, network, "AUC compiled", auc(compiled), "AUC"));
            figures.add(new Figure(ROW, network, "AUC graph", auc(graph), "AUC"));
            double largest = largestDifference(compiled, graph);
            figures.add(new Figure(ROW, network, "largest difference", largest, "probability"));
            List<ScoredImage> reduced = inBfloat16(file, test);
            figures.add(new Figure(ROW, network, "AUC bfloat16", auc(reduced), "AUC"));
            figures.add(
                    new Figure(
                            ROW,
                            network,
                            "largest difference of bfloat16",
                            largestDifference(compiled, reduced),
                            "probability"));
        }
        return figures;
    }

    private static List<ScoredImage> scores(Path file, String engine, List<LabelledImage> images) {
        System.setProperty(InferenceEngine.ENGINE, engine);
        try (CovidClassifier classifier = CovidClassifier.load(file)) {
            return classifier.score(images);
        } finally {
            System.clearProperty(InferenceEngine.ENGINE);
        }
    }

    private static List<ScoredImage> inBfloat16(Path file, List<LabelledImage> images) {
        try (CovidClassifier classifier = CovidClassifier.load(file, Precision.BFLOAT16)) {
            return classifier.score(images);
        }
    }

    private static double auc(List<ScoredImage> scores) {
        return RocCurve.of(ScoredLabels.of(scores)).auc();
    }

    static double largestDifference(List<ScoredImage> one, List<ScoredImage> other) {
        double largest = 0;
        for (int i = 0; i < one.size(); i++) {
            double difference =
                    one.get(i).positiveProbability() - other.get(i).positiveProbability();
            largest = Math.max(largest, Math.abs(difference));
        }
        return largest;
    }
}
