package org.deepcovid.core.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deepcovid.core.image.Thumbnail;

/**
 * Finds images that show the same picture: encoded again, resized, cropped by up to a tenth of each
 * side, brightened, in another format.
 *
 * <p>Candidates are the nearest {@linkplain Thumbnail.View#spectrum() spectra} in a forest of
 * random projection trees (S. Dasgupta and Y. Freund, 2008, doi 10.1145/1374376.1374452), where
 * each image also searches with some of its edges left out; {@link Thumbnail#isCopiedBy} decides.
 * The time grows as N log N.
 */
public final class NearCopies {

    private static final int TREES = 12;
    private static final int LEAF = 24;
    private static final int NEAREST = 6;
    private static final double FARTHEST = 0.35; // of spectra of length 1

    /** What becomes of near copies with different labels, or in different parts. */
    public enum Policy {
        /** They are an error. */
        REFUSE,
        /** They are used. */
        ALLOW;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Two images that show the same picture.
     *
     * @param first the earlier one
     * @param second the later one
     */
    public record Copies(LabelledImage first, LabelledImage second) {

        /** Whether a property of the two images differs. */
        public boolean differs(Function<LabelledImage, Object> property) {
            return !property.apply(first).equals(property.apply(second));
        }
    }

    /**
     * Two images that show the same picture.
     *
     * @param first index
     * @param second index, larger
     */
    public record Pair(int first, int second) {}

    private final List<Thumbnail> images;
    private final float[][] spectra;
    private final List<Node> forest;

    private NearCopies(List<Thumbnail> images) {
        this.images = images;
        spectra =
                images.parallelStream()
                        .map(image -> image.views().get(0).spectrum())
                        .toArray(float[][]::new);
        forest =
                IntStream.range(0, TREES)
                        .parallel()
                        .mapToObj(tree -> tree(all(), new SplittableRandom(tree), 0))
                        .toList();
    }

    /**
     * All pairs of near copies, in order.
     *
     * @param images decoded if they were not before
     * @throws org.deepcovid.core.image.UnreadableImageException if one cannot be decoded
     */
    public static List<Copies> of(List<LabelledImage> images) {
        return of(images, 0);
    }

    /** The pairs of which one image, or both, has at least this index. */
    static List<Copies> of(List<LabelledImage> images, int from) {
        List<Thumbnail> thumbnails =
                images.parallelStream().map(image -> image.radiograph().thumbnail()).toList();
        return among(thumbnails, from).stream()
                .map(pair -> new Copies(images.get(pair.first()), images.get(pair.second())))
                .toList();
    }

    /** All pairs of near copies, in order; the same for the same images. */
    public static List<Pair> among(List<Thumbnail> images) {
        return among(images, 0);
    }

    private static List<Pair> among(List<Thumbnail> images, int from) {
        NearCopies search = new NearCopies(images);
        return IntStream.range(0, images.size())
                .parallel()
                .boxed()
                .flatMap(image -> search.pairs(image, from))
                .distinct()
                .sorted(Comparator.comparingInt(Pair::first).thenComparingInt(Pair::second))
                .toList();
    }

    private int[] all() {
        return IntStream.range(0, images.size()).toArray();
    }

    private Stream<Pair> pairs(int image, int from) {
        Thumbnail thumbnail = images.get(image);
        return nearest(image).found.stream()
                .filter(other -> Math.max(image, other.image()) >= from)
                .filter(other -> thumbnail.isCopiedBy(images.get(other.image()), other.view()))
                .map(
                        other ->
                                new Pair(
                                        Math.min(image, other.image()),
                                        Math.max(image, other.image())));
    }

    private Nearest nearest(int image) {
        Nearest nearest = new Nearest(image);
        for (Thumbnail.View view : images.get(image).views()) {
            float[] spectrum = view.spectrum();
            for (Node tree : forest) {
                for (int other : tree.leaf(spectrum)) {
                    nearest.offer(other, view, distance(spectrum, spectra[other]));
                }
            }
        }
        return nearest;
    }

    private record Candidate(int image, Thumbnail.View view, double distance) {}

    /** The {@link #NEAREST} nearest other images, each with the view that it is nearest to. */
    private static final class Nearest {

        private final int image;
        private final List<Candidate> found = new ArrayList<>();

        Nearest(int image) {
            this.image = image;
        }

        void offer(int other, Thumbnail.View view, double distance) {
            double limit = found.size() < NEAREST ? FARTHEST : found.get(NEAREST - 1).distance();
            if (distance < limit && other != image) {
                int known = 0;
                while (known < found.size() && found.get(known).image() != other) {
                    known++;
                }
                if (known < found.size() && found.get(known).distance() <= distance) {
                    return;
                }
                if (known < found.size() || known == NEAREST) {
                    found.remove(Math.min(known, NEAREST - 1));
                }
                found.add(new Candidate(other, view, distance));
                found.sort(Comparator.comparingDouble(Candidate::distance));
            }
        }
    }

    private static double distance(float[] a, float[] b) {
        double squares = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = a[i] - b[i];
            squares += difference * difference;
        }
        return Math.sqrt(squares);
    }

    /** A node of a random projection tree. */
    private interface Node {

        /** The images in the leaf where a spectrum belongs. */
        int[] leaf(float[] spectrum);
    }

    private Node tree(int[] members, SplittableRandom random, int depth) {
        if (members.length <= LEAF || depth > 2 * Integer.SIZE) { // equal images cannot be split
            return spectrum -> members;
        }
        float[] direction = new float[Thumbnail.SPECTRUM];
        float[] a = spectra[members[random.nextInt(members.length)]];
        float[] b = spectra[members[random.nextInt(members.length)]];
        for (int i = 0; i < direction.length; i++) {
            direction[i] = a[i] - b[i];
        }
        double[] places =
                IntStream.of(members).mapToDouble(m -> dot(direction, spectra[m])).toArray();
        float median = (float) median(places);
        int[] below =
                IntStream.of(members).filter(m -> dot(direction, spectra[m]) < median).toArray();
        int[] above =
                IntStream.of(members).filter(m -> dot(direction, spectra[m]) >= median).toArray();
        if (below.length == 0 || above.length == 0) {
            return tree(members, random, depth + 8);
        }
        Node left = tree(below, random, depth + 1);
        Node right = tree(above, random, depth + 1);
        return spectrum -> (dot(direction, spectrum) < median ? left : right).leaf(spectrum);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static float dot(float[] a, float[] b) {
        float sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
