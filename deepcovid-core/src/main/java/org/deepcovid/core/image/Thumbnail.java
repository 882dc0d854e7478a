package org.deepcovid.core.image;

/**
 * A grey copy of an image, {@value #SIZE} pixels square without regard to its aspect ratio, by
 * which near copies are recognised: the same picture encoded again, resized, slightly cropped,
 * brighter, or in another format. Immutable.
 */
public final class Thumbnail {

    /** Width and height in pixels. */
    public static final int SIZE = 64;

    /** Length of {@link #spectrum}. */
    public static final int SPECTRUM = 63;

    private static final int FREQUENCIES = 8; // in each direction; all but the mean
    private static final double[][] COSINES = cosines();

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
                BilinearResize.apply(
                        image, 0, 0, filter(image.width(), 0, 0), filter(image.height(), 0, 0));
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

    /**
     * The same image without some of its edges.
     *
     * @param crop shares of the sides that are cut away
     */
    public Thumbnail cropped(Crop crop) {
        RasterImage image = RasterImage.wrap(SIZE, SIZE, 1, pixels);
        int left = (int) Math.rint(crop.left() * SIZE);
        int top = (int) Math.rint(crop.top() * SIZE);
        ResizeFilter columns = filter(SIZE, left, (int) Math.rint(crop.right() * SIZE));
        ResizeFilter rows = filter(SIZE, top, (int) Math.rint(crop.bottom() * SIZE));
        return new Thumbnail(BilinearResize.apply(image, left, top, columns, rows).samples());
    }

    private static ResizeFilter filter(int length, int before, int after) {
        return new ResizeFilter(length - before - after, SIZE, 0, SIZE);
    }

    /**
     * Shares of an image's sides that are cut away.
     *
     * @param left 0 to below 0.5
     * @param top 0 to below 0.5
     * @param right 0 to below 0.5
     * @param bottom 0 to below 0.5
     */
    public record Crop(double left, double top, double right, double bottom) {

        /** Nothing is cut away. */
        public static final Crop NONE = new Crop(0, 0, 0, 0);
    }

    /**
     * The lowest frequencies of the discrete cosine transform without the mean, scaled to length 1:
     * close together for near copies (after C. Zauner, 2010, whose perceptual hash is their signs).
     *
     * @return {@value #SPECTRUM} values; all 0 for a uniform image
     */
    public float[] spectrum() {
        double[][] rows = new double[SIZE][FREQUENCIES];
        for (int y = 0; y < SIZE; y++) {
            for (int u = 0; u < FREQUENCIES; u++) {
                for (int x = 0; x < SIZE; x++) {
                    rows[y][u] += (pixels[y * SIZE + x] & 0xFF) * COSINES[u][x];
                }
            }
        }
        float[] spectrum = new float[SPECTRUM];
        double squares = 0;
        for (int i = 1; i <= SPECTRUM; i++) {
            double sum = 0;
            for (int y = 0; y < SIZE; y++) {
                sum += rows[y][i % FREQUENCIES] * COSINES[i / FREQUENCIES][y];
            }
            spectrum[i - 1] = (float) sum;
            squares += sum * sum;
        }
        for (int i = 0; squares > 1 && i < SPECTRUM; i++) {
            spectrum[i] /= (float) Math.sqrt(squares);
        }
        return spectrum;
    }

    private static double[][] cosines() {
        double[][] cosines = new double[FREQUENCIES][SIZE];
        for (int u = 0; u < FREQUENCIES; u++) {
            for (int x = 0; x < SIZE; x++) {
                cosines[u][x] = Math.cos(Math.PI * u * (x + 0.5) / SIZE);
            }
        }
        return cosines;
    }

    /**
     * Whether another thumbnail shows the same picture, decided after the two were aligned. Another
     * radiograph of the same patient is no copy.
     *
     * @param other possibly a part of this one
     * @param crop about what the other lacks; where the alignment starts
     */
    public boolean isCopiedBy(Thumbnail other, Crop crop) {
        return ThumbnailAlignment.of(this, other, crop).isCopy();
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
