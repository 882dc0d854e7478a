package org.deepcovid.core.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A grey copy of an image, {@value #SIZE} pixels square without regard to its aspect ratio, by
 * which near copies are recognised: the same picture encoded again, resized, slightly cropped,
 * brighter, or in another format. Immutable.
 */
public final class Thumbnail {

    /** Width and height in pixels. */
    public static final int SIZE = 64;

    /** Length of {@link View#spectrum}. */
    public static final int SPECTRUM = 63;

    private static final int FREQUENCIES = 8; // in each direction; all but the mean
    private static final int CUT = 3;

    /** By the number of pixels that are transformed. */
    private static final Map<Integer, double[][]> COSINES =
            Stream.of(SIZE, SIZE - CUT, SIZE - 2 * CUT)
                    .collect(Collectors.toMap(Function.identity(), Thumbnail::cosines));

    private final byte[] pixels;

    private Thumbnail(byte[] pixels) {
        this.pixels = pixels;
    }

    /**
     * The thumbnail of an image.
     *
     * @param image any size; the channels of a colour image are averaged
     */
    public static Thumbnail of(RasterImage image) {
        RasterImage small =
                BilinearResize.apply(image, 0, 0, filter(image.width()), filter(image.height()));
        byte[] samples = small.samples();
        int channels = small.channels();
        byte[] grey = new byte[SIZE * SIZE];
        for (int i = 0; i < grey.length; i++) {
            int sum = 0;
            for (int c = 0; c < channels; c++) {
                sum += samples[i * channels + c] & 0xFF;
            }
            grey[i] = (byte) (sum / channels);
        }
        return new Thumbnail(grey);
    }

    private static ResizeFilter filter(int length) {
        return new ResizeFilter(length, SIZE, 0, SIZE);
    }

    /**
     * The thumbnail, whole or with some of its edges left out, as points between which distances
     * are small for near copies.
     */
    public static final class View {

        private final int left;
        private final int top;
        private final int right;
        private final int bottom;
        private final float[] spectrum;

        private View(int left, int top, int right, int bottom, float[] spectrum) {
            this.left = left;
            this.top = top;
            this.right = right;
            this.bottom = bottom;
            this.spectrum = spectrum;
        }

        /** Columns left out on the left. */
        int left() {
            return left;
        }

        /** Rows left out at the top. */
        int top() {
            return top;
        }

        /** Width of what is left. */
        int width() {
            return SIZE - left - right;
        }

        /** Height of what is left. */
        int height() {
            return SIZE - top - bottom;
        }

        /**
         * The lowest frequencies of the discrete cosine transform without the mean, scaled to
         * length 1 (after C. Zauner, 2010, whose perceptual hash is their signs).
         *
         * @return {@value #SPECTRUM} values, read only; all 0 for a uniform image
         */
        public float[] spectrum() {
            return spectrum;
        }
    }

    /**
     * The whole thumbnail, then with {@value #CUT} columns or rows left out on every combination of
     * sides.
     */
    public List<View> views() {
        List<View> views = new ArrayList<>();
        int[] cuts = {0, CUT};
        for (int left : cuts) {
            for (int right : cuts) {
                double[][] rows = transformRows(left, right);
                for (int top : cuts) {
                    for (int bottom : cuts) {
                        float[] spectrum = spectrum(rows, top, bottom);
                        views.add(new View(left, top, right, bottom, spectrum));
                    }
                }
            }
        }
        return views;
    }

    private double[][] transformRows(int left, int right) {
        double[][] cosines = COSINES.get(SIZE - left - right);
        double[][] rows = new double[FREQUENCIES][SIZE];
        for (int u = 0; u < FREQUENCIES; u++) {
            for (int y = 0; y < SIZE; y++) {
                double sum = 0;
                for (int x = left; x < SIZE - right; x++) {
                    sum += (pixels[y * SIZE + x] & 0xFF) * cosines[u][x - left];
                }
                rows[u][y] = sum;
            }
        }
        return rows;
    }

    private static float[] spectrum(double[][] rows, int top, int bottom) {
        double[][] cosines = COSINES.get(SIZE - top - bottom);
        float[] spectrum = new float[SPECTRUM];
        double squares = 0;
        for (int i = 1; i <= SPECTRUM; i++) {
            double[] row = rows[i % FREQUENCIES];
            double[] cosine = cosines[i / FREQUENCIES];
            double sum = 0;
            for (int y = top; y < SIZE - bottom; y++) {
                sum += row[y] * cosine[y - top];
            }
            spectrum[i - 1] = (float) sum;
            squares += sum * sum;
        }
        for (int i = 0; squares > 1 && i < SPECTRUM; i++) {
            spectrum[i] /= (float) Math.sqrt(squares);
        }
        return spectrum;
    }

    private static double[][] cosines(int length) {
        double[][] cosines = new double[FREQUENCIES][length];
        for (int u = 0; u < FREQUENCIES; u++) {
            for (int x = 0; x < length; x++) {
                cosines[u][x] = Math.cos(Math.PI * u * (x + 0.5) / length);
            }
        }
        return cosines;
    }

    /**
     * Whether another thumbnail shows the same picture, decided after the two were aligned. Another
     * radiograph of the same patient is no copy.
     *
     * @param other possibly a part of this one
     * @param view of this one, about what the other shows; where the alignment starts
     */
    public boolean isCopiedBy(Thumbnail other, View view) {
        return ThumbnailAlignment.of(this, other, view).isCopy();
    }

    /** Mean grey levels of blocks, so that the result has the given size. */
    float[] reduced(int size) {
        int block = SIZE / size;
        float[] means = new float[size * size];
        for (int y = 0; y < SIZE; y++) {
            for (int x = 0; x < SIZE; x++) {
                means[y / block * size + x / block] +=
                        (pixels[y * SIZE + x] & 0xFF) / (float) (block * block);
            }
        }
        return means;
    }
}
