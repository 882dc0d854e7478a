package org.deepcovid.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.DoubleSupplier;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.features.FeatureExtractor;
import org.deepcovid.core.image.ImageRequest;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.image.Radiograph;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.model.BackboneSpec;

/**
 * Scores the files of a folder, decodes them only, and computes features of as many images only.
 */
final class FolderRow {

    private static final String ROW = "folder";
    private static final int BATCH = 20;
    private static final int LARGE_FILES = 60;

    private FolderRow() {}

    static List<Figure> measure(RowOptions options) throws IOException {
        List<Figure> figures = new ArrayList<>();
        for (String network : options.networks()) {
            try (CovidClassifier classifier =
                            CovidClassifier.load(SavedClassifier.file(network, options));
                    InferenceEngine engine = InferenceEngine.of(classifier.backbone())) {
                for (Map.Entry<String, List<Path>> kind : kinds(options).entrySet()) {
                    figures.addAll(
                            compare(
                                    network,
                                    kind.getKey(),
                                    new Contest(classifier, engine, kind.getValue()),
                                    options.rounds(5)));
                }
            }
        }
        return figures;
    }

    private static Map<String, List<Path>> kinds(RowOptions options) throws IOException {
        if (options.folder().isPresent()) {
            Path folder = options.folder().get();
            return Map.of(folder.getFileName().toString(), ImageFolder.files(folder));
        }
        List<Path> small = ImageFolder.files(options.data().resolve("test"));
        List<Path> some = small.subList(0, Math.min(LARGE_FILES, small.size()));
        Path work = options.work();
        Map<String, List<Path>> kinds = new LinkedHashMap<>();
        kinds.put("jpg 256", small);
        kinds.put("png 1024", ImageFolder.files(ImageFolder.enlarged(some, 1024, "png", work)));
        Path paeth = options.data().resolveSibling("formats").resolve("grey-8bit-1024.png");
        if (Files.exists(paeth)) {
            kinds.put("png 1024 with row filters", Collections.nCopies(LARGE_FILES, paeth));
        }
        kinds.put("jpg 2000", ImageFolder.files(ImageFolder.enlarged(some, 2000, "jpg", work)));
        return kinds;
    }

    private static List<Figure> compare(String network, String kind, Contest contest, int rounds) {
        Map<String, DoubleSupplier> ways = new LinkedHashMap<>();
        ways.put("scoring", contest::whole);
        ways.put("decoding", contest::decoding);
        ways.put("decoding on one thread", contest::decodingOnOneThread);
        ways.put("inference", contest::inference);
        Map<String, Double> rates = InTurn.medians(rounds, ways);
        List<Figure> figures = new ArrayList<>();
        rates.forEach(
                (way, rate) ->
                        figures.add(new Figure(ROW, network, kind + " " + way, rate, "files/s")));
        double scoring = rates.get("scoring");
        double inference = rates.get("inference");
        for (String decoding : List.of("decoding", "decoding on one thread")) {
            figures.add(
                    new Figure(
                            ROW,
                            network,
                            kind + " scoring / slower of " + decoding + " and inference",
                            scoring / Math.min(rates.get(decoding), inference),
                            "ratio"));
        }
        double sequential = 1 / (1 / rates.get("decoding") + 1 / inference);
        figures.add(
                new Figure(ROW, network, kind + " scoring / sum", scoring / sequential, "ratio"));
        return figures;
    }

    /** Measures files per second in several ways, each with the same number of images. */
    private record Contest(CovidClassifier classifier, InferenceEngine engine, List<Path> files) {

        double whole() {
            DoubleAdder sum = new DoubleAdder();
            long start = System.nanoTime();
            classifier.predict(files.stream(), (file, p) -> sum.add(p.positiveProbability()));
            return rate(start);
        }

        private Preprocessing preprocessing() {
            BackboneSpec spec = classifier.spec();
            return new Preprocessing(spec.inputSize(), spec.normalization());
        }

        double decoding() {
            long start = System.nanoTime();
            FeatureExtractor.of(
                            preprocessing(),
                            (images, count) -> Collections.nCopies(count, new float[0]))
                    .forEach(
                            files.stream(),
                            file -> ImageRequest.plain(file.toString(), Radiograph.of(file)),
                            (file, row, remarks) -> {});
            return rate(start);
        }

        /** As a plain loop over the files does. */
        double decodingOnOneThread() {
            Preprocessing preprocessing = preprocessing();
            long start = System.nanoTime();
            files.forEach(file -> preprocessing.apply(file));
            return rate(start);
        }

        double inference() {
            int size = classifier.spec().inputSize();
            var images = InferenceBenchmark.images(BATCH, size);
            long start = System.nanoTime();
            for (int done = 0; done < files.size(); done += BATCH) {
                int count = Math.min(BATCH, files.size() - done);
                engine.features(images.slice(0, count * 3 * size * size));
            }
            return rate(start);
        }

        private double rate(long start) {
            return files.size() / ((System.nanoTime() - start) / 1e9);
        }
    }
}
