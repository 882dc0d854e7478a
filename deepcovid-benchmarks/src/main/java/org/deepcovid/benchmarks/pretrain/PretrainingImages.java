package org.deepcovid.benchmarks.pretrain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.deepcovid.core.DatasetException;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.image.UnreadableImageException;
import org.deepcovid.phantoms.Disease;
import org.deepcovid.phantoms.PhantomGenerator;

/**
 * Radiographs and phantoms in memory, by class: each finding of the radiographs is a class, and
 * each disease of the phantoms another. A batch depends only on the plan's seed and the step's
 * number, so a continued run draws the same batches.
 */
final class PretrainingImages {

    private static final int SIDE = 256; // of the squares that are kept
    private static final String FINDING = "finding";

    private final Map<String, List<RasterImage>> classes; // in the order of the names
    private final PretrainingPlan plan;
    private final Normalization normalization;

    private PretrainingImages(
            Map<String, List<RasterImage>> classes,
            PretrainingPlan plan,
            Normalization normalization) {
        this.classes = classes;
        this.plan = plan;
        this.normalization = normalization;
    }

    /**
     * One batch.
     *
     * @param size height and width of the images
     * @param pixels normalised values, [N, 3, size, size] in row-major order; not to be changed
     * @param labels class of each image, from 0
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Batch(int size, float[] pixels, List<Integer> labels) {}

    /**
     * Decodes the radiographs and draws the phantoms.
     *
     * @param radiographs of a training part; a manifest's column {@code finding} gives the class,
     *     else the label
     * @throws DatasetException naming every radiograph that cannot be read
     */
    static PretrainingImages load(
            List<LabelledImage> radiographs, PretrainingPlan plan, Normalization normalization) {
        Preprocessing square = new Preprocessing(SIDE, normalization);
        List<String> problems = new ArrayList<>();
        Map<String, List<RasterImage>> classes = new TreeMap<>();
        for (LabelledImage radiograph : radiographs) {
            try {
                RasterImage image = square.resizeAndCrop(ImageDecoder.decode(radiograph.file()));
                classes.computeIfAbsent(className(radiograph), name -> new ArrayList<>())
                        .add(image);
            } catch (UnreadableImageException e) {
                problems.add(e.id() + ": " + e.reason());
            }
        }
        if (!problems.isEmpty()) {
            throw new DatasetException(
                    "images to pre-train on", problems, "replace these files or leave them out");
        }
        if (plan.phantomsPerFinding() > 0) {
            for (Disease disease : Disease.values()) {
                classes.put("phantom: " + disease.title(), phantoms(disease, plan));
            }
        }
        if (classes.size() < 2) {
            throw new IllegalArgumentException(
                    "the images show %s; expected at least two classes"
                            .formatted(classes.keySet()));
        }
        return new PretrainingImages(classes, plan, normalization);
    }

    private static String className(LabelledImage image) {
        return "radiograph: " + image.attributes().getOrDefault(FINDING, image.label().name());
    }

    /** Other phantoms than those of the same seed, which may be test images. */
    private static List<RasterImage> phantoms(Disease disease, PretrainingPlan plan) {
        PhantomGenerator generator = PhantomGenerator.seeded(~plan.seed()).withSize(SIDE, SIDE);
        return IntStream.range(0, plan.phantomsPerFinding())
                .parallel()
                .mapToObj(number -> generator.generate(disease, number).image())
                .toList();
    }

    /** Names in the order of the labels. */
    List<String> classNames() {
        return List.copyOf(classes.keySet());
    }

    Map<String, Integer> counts() {
        Map<String, Integer> counts = new TreeMap<>();
        classes.forEach((name, images) -> counts.put(name, images.size()));
        return counts;
    }

    /** Draws the images of a step and augments each. */
    Batch batch(int step) {
        int size = plan.inputSizeAt(step);
        Preprocessing preprocessing = new Preprocessing(size, normalization);
        SplittableRandom random = new SplittableRandom(plan.seed() * 1_000_003L + step);
        List<List<RasterImage>> byLabel = List.copyOf(classes.values());
        int first = random.nextInt(byLabel.size());
        float[] pixels = new float[plan.batchSize() * 3 * size * size];
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i < plan.batchSize(); i++) {
            int label = (first + i) % byLabel.size();
            List<RasterImage> images = byLabel.get(label);
            RasterImage image = images.get(random.nextInt(images.size()));
            RasterImage changed =
                    plan.augmentation().apply(image, preprocessing, random.nextLong());
            float[] values = preprocessing.toTensor(changed);
            System.arraycopy(values, 0, pixels, i * values.length, values.length);
            labels.add(label);
        }
        return new Batch(size, pixels, labels);
    }
}
