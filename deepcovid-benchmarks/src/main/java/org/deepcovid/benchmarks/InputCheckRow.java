package org.deepcovid.benchmarks;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.Prediction;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.image.Alteration;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.image.Radiograph;
import org.deepcovid.core.image.UnreadableImageException;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.core.training.FineTuneListener;
import org.deepcovid.eval.metrics.Proportion;
import org.deepcovid.models.Backbones;

/**
 * The share of images that the input check flags: test radiographs as they are and altered,
 * radiographs from elsewhere, photographs, and drawn pictures. Blank pictures, which get no score,
 * count as flagged.
 */
final class InputCheckRow {

    private static final String ROW = "input-check";
    private static final String BUNDLED = "bundled";
    private static final int DRAWN = 100;
    private static final int FIRST_SEED = 1000; // smaller ones served to design the check

    private InputCheckRow() {}

    static List<Figure> measure(RowOptions options) throws IOException {
        List<Figure> figures = new ArrayList<>();
        for (String network : options.networks()) {
            Clock clock = new Clock();
            Backbone backbone =
                    network.equals(BUNDLED)
                            ? Backbones.bundled()
                            : Backbones.load(network, options.weights(network));
            try (FineTuned run =
                    CovidClassifier.fineTune(
                            backbone,
                            PatientSplitter.seeded(1)
                                    .split(XrayDataset.read(options.data()))
                                    .fitting(),
                            FineTuneConfig.defaults().withSeed(1),
                            clock)) {
                long end = System.nanoTime();
                figures.add(seconds(network, "features and head", clock.head - clock.start));
                figures.add(seconds(network, "description", end - clock.head));
                for (Map.Entry<String, Stream<Radiograph>> kind :
                        kinds(options, run.classifier()).entrySet()) {
                    figures.addAll(
                            share(network, kind.getKey(), kind.getValue(), run.classifier()));
                }
            }
        }
        return figures;
    }

    private static Figure seconds(String network, String part, long nanoseconds) {
        return new Figure(ROW, network, part, nanoseconds / 1e9, "s");
    }

    /** Radiographs are made as they are needed. */
    private static Map<String, Stream<Radiograph>> kinds(
            RowOptions options, CovidClassifier classifier) throws IOException {
        List<Path> test = ImageFolder.files(options.data().resolve("test"));
        Map<String, Stream<Radiograph>> kinds = new LinkedHashMap<>();
        kinds.put("test radiographs", test.stream().map(Radiograph::of));
        Preprocessing square =
                new Preprocessing(classifier.spec().inputSize(), classifier.spec().normalization());
        for (Alteration alteration : Alteration.RECOGNISED) {
            kinds.put(
                    "test radiographs "
                            + alteration.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    IntStream.range(0, test.size())
                            .mapToObj(
                                    i ->
                                            Radiograph.of(
                                                    alteration.apply(
                                                            Radiograph.of(test.get(i)).decode(),
                                                            square,
                                                            FIRST_SEED + i))));
        }
        kinds.put(
                "radiographs from elsewhere",
                ImageFolder.files(options.data().resolveSibling("cxr-external")).stream()
                        .map(Radiograph::of));
        if (options.folder().isPresent()) {
            List<Path> photographs = ImageFolder.files(options.folder().get());
            kinds.put("photographs", photographs.stream().map(Radiograph::of));
            kinds.put("photographs in grey", photographs.stream().map(InputCheckRow::grey));
        }
        for (DrawnPictures drawn : DrawnPictures.values()) {
            kinds.put(
                    drawn.kind(),
                    IntStream.range(0, DRAWN)
                            .mapToObj(i -> Radiograph.of(drawn.picture(FIRST_SEED + i))));
        }
        return kinds;
    }

    private static Radiograph grey(Path file) {
        try {
            BufferedImage image = ImageIO.read(file.toFile());
            BufferedImage grey =
                    new BufferedImage(
                            image.getWidth(), image.getHeight(), BufferedImage.TYPE_BYTE_GRAY);
            Graphics2D graphics = grey.createGraphics();
            graphics.drawImage(image, 0, 0, null);
            graphics.dispose();
            return Radiograph.of(grey);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static List<Figure> share(
            String network, String kind, Stream<Radiograph> images, CovidClassifier classifier) {
        int[] counts = new int[2];
        Map<String, Integer> reasons = new TreeMap<>();
        images.forEach(
                image -> {
                    String reason = reason(classifier, image);
                    counts[0] += reason.isEmpty() ? 0 : 1;
                    counts[1]++;
                    reasons.merge(reason, 1, Integer::sum);
                });
        System.out.println(network + ", " + kind + ": " + reasons);
        Proportion share = Proportion.of(counts[0], counts[1]);
        return List.of(
                new Figure(ROW, network, kind, counts[1], "images"),
                new Figure(ROW, network, kind + " flagged", counts[0], "images"),
                new Figure(ROW, network, kind + " flagged", 100 * share.estimate(), "%"),
                new Figure(ROW, network, kind + " lower", 100 * share.interval().lower(), "%"),
                new Figure(ROW, network, kind + " upper", 100 * share.interval().upper(), "%"));
    }

    /** Why an image is flagged; empty if it is not. */
    private static String reason(CovidClassifier classifier, Radiograph image) {
        try {
            Prediction prediction = classifier.predict(image);
            return prediction.isUnlike()
                    ? prediction.remarks().get(prediction.remarks().size() - 1)
                    : "";
        } catch (UnreadableImageException e) {
            return "blank";
        }
    }

    /** Times from the first image to the head. */
    private static final class Clock implements FineTuneListener {
        private long start;
        private long head;

        @Override
        public void onProgress(Stage stage, long done, long total) {
            if (start == 0) {
                start = System.nanoTime();
            }
            if (stage == Stage.HEAD) {
                head = System.nanoTime();
            }
        }
    }
}
