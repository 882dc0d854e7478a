package org.deepcovid.core.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deepcovid.core.data.FittingData;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.PatientFolds;
import org.deepcovid.core.features.FeatureSpace;
import org.deepcovid.core.features.InputCheck;
import org.deepcovid.core.image.Alteration;
import org.deepcovid.core.image.ImageRequest;
import org.deepcovid.core.image.PixelStatistics;
import org.deepcovid.core.model.LinearHead;
import org.deepcovid.core.training.FeatureCache.Known;

/**
 * Describes training and validation images, so that images unlike them are recognised ({@link
 * InputCheck}). The limits are set on measures of these images by descriptions fitted without their
 * patients.
 */
final class InputDescription {

    private static final int FEWEST_IMAGES = 40;
    private static final int MOST_IMAGES = 2000; // bounds the time
    private static final int FOLDS = 3;

    /** Share of the described images that may be beyond the limits. */
    private static final double FALSE_FLAGS = 0.01;

    /** Alterations are made of one in so many images each, within bounds. */
    private static final int SHARE_ALTERED = 24;

    private static final int FEWEST_ALTERED = 8;
    private static final int MOST_ALTERED = 33;
    private static final int MOST_UNALTERED = 200; // to fit the layer that recognises alterations

    private static final Label AS_TAKEN = new Label("as taken");

    /** In the order of {@link Alteration#RECOGNISED}. */
    private static final LabelSet KINDS =
            new LabelSet(
                    Stream.concat(
                                    Stream.of(AS_TAKEN),
                                    Alteration.RECOGNISED.stream()
                                            .map(alteration -> new Label(alteration.name())))
                            .toList(),
                    AS_TAKEN);

    private static final FineTuneConfig LAYER =
            FineTuneConfig.defaults().withLearningRate(3e-3).withEpochs(15);

    /** Pixel statistics count as spread at least this much. */
    private static final double LEAST_SPREAD = 0.02;

    private static final double LEAST_MEASURE = 1e-6; // where a measure is constant

    private final Map<String, Known> images; // by id
    private final LabelledFeatures altered;
    private final List<Known> alteredImages; // in the order of altered
    private final long seed;

    private InputDescription(
            Map<String, Known> images,
            LabelledFeatures altered,
            List<Known> alteredImages,
            long seed) {
        this.images = images;
        this.altered = altered;
        this.alteredImages = List.copyOf(alteredImages);
        this.seed = seed;
    }

    /**
     * Describes images.
     *
     * @return empty for fewer than {@value #FEWEST_IMAGES} images, or a single patient in a class
     */
    static Optional<InputCheck> of(
            FeatureCache cache, FittingData data, long seed, FineTuneListener listener) {
        List<LabelledImage> all =
                Stream.concat(data.training().stream(), data.validation().stream()).toList();
        if (all.size() < FEWEST_IMAGES) {
            return Optional.empty();
        }
        SplittableRandom random = new SplittableRandom(seed);
        List<LabelledImage> some = sample(all, MOST_IMAGES, random);
        List<List<LabelledImage>> folds = PatientFolds.of(data.labels(), some, FOLDS, seed);
        if (folds.isEmpty()) {
            return Optional.empty();
        }
        List<ImageRequest> plain =
                some.stream().map(i -> ImageRequest.plain(i.id(), i.radiograph())).toList();
        List<ImageRequest> requests = new ArrayList<>(plain);
        List<Label> kinds = new ArrayList<>();
        int count = Math.max(FEWEST_ALTERED, Math.min(MOST_ALTERED, some.size() / SHARE_ALTERED));
        for (Alteration alteration : Alteration.RECOGNISED) {
            for (LabelledImage image : sample(some, count, random)) {
                long change = random.nextLong();
                requests.add(
                        ImageRequest.changed(image.id(), image.radiograph(), alteration, change));
                kinds.add(new Label(alteration.name()));
            }
        }
        List<Known> known = cache.known(requests, listener);
        Map<String, Known> images = new HashMap<>();
        IntStream.range(0, plain.size()).forEach(i -> images.put(plain.get(i).id(), known.get(i)));
        List<Known> alteredImages = known.subList(plain.size(), known.size());
        LabelledFeatures altered =
                rows(requests.subList(plain.size(), requests.size()), alteredImages, kinds);
        return Optional.of(
                new InputDescription(images, altered, alteredImages, seed).check(some, folds));
    }

    private static <T> List<T> sample(List<T> all, int count, SplittableRandom random) {
        return Arrays.stream(HeadTrainer.shuffledOrder(all.size(), random))
                .limit(count)
                .sorted()
                .mapToObj(all::get)
                .toList();
    }

    private static LabelledFeatures rows(
            List<ImageRequest> requests, List<Known> known, List<Label> kinds) {
        return new LabelledFeatures(
                KINDS,
                requests.stream().map(ImageRequest::id).toList(),
                kinds,
                known.stream().map(k -> InputCheck.row(k.features(), k.pixels())).toList());
    }

    private InputCheck check(List<LabelledImage> some, List<List<LabelledImage>> folds) {
        List<double[]> measures = new ArrayList<>();
        for (List<LabelledImage> fold : folds) {
            Set<String> left = new HashSet<>();
            fold.forEach(image -> left.add(image.id()));
            InputCheck without = fit(ids(some, id -> !left.contains(id)));
            ids(fold, id -> true)
                    .forEach(
                            id -> {
                                Known image = images.get(id);
                                measures.add(without.measures(image.features(), image.pixels()));
                            });
        }
        return fit(ids(some, id -> true)).withLimits(limits(measures));
    }

    private static List<String> ids(List<LabelledImage> of, Predicate<String> wanted) {
        return of.stream().map(LabelledImage::id).filter(wanted).toList();
    }

    private InputCheck fit(List<String> ids) {
        List<Known> plain = ids.stream().map(images::get).toList();
        FeatureSpace space = FeatureSpace.of(plain.stream().map(Known::features).toList());
        return new InputCheck(
                space,
                statistics(plain),
                layer(ids),
                new float[2 * (1 + KINDS.labels().size())],
                reach(space));
    }

    /** For each alteration, the largest distance of an image altered so. */
    private float[] reach(FeatureSpace space) {
        float[] reach = new float[Alteration.RECOGNISED.size()];
        for (int row = 0; row < alteredImages.size(); row++) {
            int kind = KINDS.indexOf(altered.labels().get(row)) - 1;
            double distance = space.distance(alteredImages.get(row).features());
            reach[kind] = (float) Math.max(reach[kind], distance);
        }
        return reach;
    }

    private static float[] statistics(List<Known> plain) {
        float[] statistics = new float[2 * PixelStatistics.FIGURES];
        for (int figure = 0; figure < PixelStatistics.FIGURES; figure++) {
            int index = figure;
            double[] values = plain.stream().mapToDouble(k -> k.pixels().figure(index)).toArray();
            double mean = Arrays.stream(values).average().orElseThrow();
            double variance =
                    Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
            statistics[2 * figure] = (float) mean;
            statistics[2 * figure + 1] = (float) Math.max(LEAST_SPREAD, Math.sqrt(variance));
        }
        return statistics;
    }

    /** Tells alterations of some images from these images. */
    private LinearHead layer(List<String> ids) {
        List<String> unaltered = sample(ids, MOST_UNALTERED, new SplittableRandom(seed));
        LabelledFeatures plain =
                rows(
                        unaltered.stream().map(id -> images.get(id).request()).toList(),
                        unaltered.stream().map(images::get).toList(),
                        unaltered.stream().map(id -> AS_TAKEN).toList());
        Set<String> wanted = new HashSet<>(ids);
        return Standardised.of(plain.and(altered.where(wanted::contains))).fit(seed);
    }

    /** Rows whose columns have mean 0 and deviation 1. */
    private record Standardised(LabelledFeatures rows, Scaling scaling) {

        /** Of each column. */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        private record Scaling(double[] mean, double[] deviation) {}

        private static final double LEAST_DEVIATION = 1e-3;

        static Standardised of(LabelledFeatures raw) {
            int length = raw.rows().get(0).length;
            double[] mean = new double[length];
            double[] deviation = new double[length];
            for (float[] row : raw.rows()) {
                for (int i = 0; i < length; i++) {
                    mean[i] += row[i] / (double) raw.size();
                }
            }
            for (float[] row : raw.rows()) {
                for (int i = 0; i < length; i++) {
                    deviation[i] += (row[i] - mean[i]) * (row[i] - mean[i]) / raw.size();
                }
            }
            for (int i = 0; i < length; i++) {
                deviation[i] = LEAST_DEVIATION + Math.sqrt(deviation[i]);
            }
            List<float[]> rows = new ArrayList<>();
            for (float[] row : raw.rows()) {
                float[] standardised = new float[length];
                for (int i = 0; i < length; i++) {
                    standardised[i] = (float) ((row[i] - mean[i]) / deviation[i]);
                }
                rows.add(standardised);
            }
            return new Standardised(
                    new LabelledFeatures(raw.labelSet(), raw.ids(), raw.labels(), rows),
                    new Scaling(mean, deviation));
        }

        /** A layer for rows as they were before. */
        LinearHead fit(long seed) {
            LinearHead head =
                    new HeadTrainer(LAYER.withSeed(seed), List.of(rows))
                            .fit(FineTuneListener.SILENT, epoch -> {});
            float[] weights = head.weights();
            float[] bias = head.bias();
            int length = head.features();
            for (int c = 0; c < bias.length; c++) {
                double shift = 0;
                for (int i = 0; i < length; i++) {
                    double weight = weights[c * length + i] / scaling.deviation()[i];
                    weights[c * length + i] = (float) weight;
                    shift += weight * scaling.mean()[i];
                }
                bias[c] -= (float) shift;
            }
            return new LinearHead(weights, bias);
        }
    }

    /**
     * The median of each measure, and a limit. Limits are as far from the medians, in units of the
     * measure's upper quantile, as leaves the allowed share of images beyond any of them; and a
     * little farther, the fewer images there are.
     */
    private static float[] limits(List<double[]> measures) {
        int beyond = (int) (FALSE_FLAGS * measures.size());
        int count = measures.get(0).length;
        double[] median = new double[count];
        double[] spread = new double[count];
        for (int m = 0; m < count; m++) {
            int index = m;
            double[] sorted = measures.stream().mapToDouble(v -> v[index]).sorted().toArray();
            median[m] = sorted[sorted.length / 2];
            spread[m] = Math.max(LEAST_MEASURE, sorted[sorted.length - 1 - beyond] - median[m]);
        }
        double[] largest =
                measures.stream()
                        .mapToDouble(
                                v ->
                                        IntStream.range(0, count)
                                                .mapToDouble(m -> (v[m] - median[m]) / spread[m])
                                                .max()
                                                .orElseThrow())
                        .sorted()
                        .toArray();
        double factor = largest[largest.length - 1 - beyond] * (1 + 1 / Math.sqrt(measures.size()));
        float[] limits = new float[2 * count];
        for (int m = 0; m < count; m++) {
            limits[2 * m] = (float) median[m];
            limits[2 * m + 1] = (float) (median[m] + factor * spread[m]);
        }
        return limits;
    }
}
