package org.deepcovid.core.image;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Ways in which a radiograph arrives other than it was taken. */
public enum Alteration implements ImageChange {
    /** Black and white exchanged. */
    INVERTED("inverted grey levels") {
        @Override
        RasterImage change(RasterImage square, SplittableRandom random) {
            byte[] samples = square.toBytes();
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (byte) ~samples[i];
            }
            return square.withPixels(square.width(), square.height(), samples);
        }
    },
    /** A quarter turn clockwise. */
    TURNED_RIGHT("turned by 90 degrees") {
        @Override
        RasterImage change(RasterImage square, SplittableRandom random) {
            return turned(square, 1);
        }
    },
    /** Half a turn. */
    UPSIDE_DOWN("upside down") {
        @Override
        RasterImage change(RasterImage square, SplittableRandom random) {
            return turned(square, 2);
        }
    },
    /** A quarter turn counterclockwise. */
    TURNED_LEFT("turned by 90 degrees") {
        @Override
        RasterImage change(RasterImage square, SplittableRandom random) {
            return turned(square, 3);
        }
    },
    /** Reduced to 45 to 70 % of its width and height, on a uniform ground. */
    BORDERED("a wide border") {
        @Override
        RasterImage change(RasterImage square, SplittableRandom random) {
            int side = square.width();
            int inner = (int) Math.round(side * random.nextDouble(0.45, 0.7));
            ResizeFilter filter = new ResizeFilter(side, inner, 0, inner);
            RasterImage small = BilinearResize.apply(square, 0, 0, filter, filter);
            int row = inner * square.channels();
            byte[] samples = new byte[side * side * square.channels()];
            Arrays.fill(samples, (byte) (random.nextBoolean() ? 0 : random.nextInt(256)));
            int left = random.nextInt(side - inner + 1) * square.channels();
            int top = random.nextInt(side - inner + 1);
            for (int y = 0; y < inner; y++) {
                int to = (top + y) * side * square.channels() + left;
                System.arraycopy(small.samples(), y * row, samples, to, row);
            }
            return square.withPixels(side, side, samples);
        }
    },
    /** A part of 10 to 30 % of its area. */
    CROPPED("much of it cut away") {
        @Override
        public RasterImage apply(RasterImage image, Preprocessing preprocessing, long seed) {
            return PART.apply(image, preprocessing.inputSize(), seed);
        }
    };

    private static final ResizedCrop PART = new ResizedCrop(0.1, 0.3, 1.2);

    private final String description;

    Alteration(String description) {
        this.description = description;
    }

    /** What is odd about such an image. */
    public String description() {
        return description;
    }

    @Override
    public RasterImage apply(RasterImage image, Preprocessing preprocessing, long seed) {
        return change(preprocessing.resizeAndCrop(image), new SplittableRandom(seed));
    }

    /** Changes a square. */
    RasterImage change(RasterImage square, SplittableRandom random) {
        throw new IllegalStateException(this + " is made of the whole image");
    }

    private static RasterImage turned(RasterImage square, int quarters) {
        int last = square.width() - 1;
        int channels = square.channels();
        byte[] samples = new byte[square.samples().length];
        int to = 0;
        for (int y = 0; y <= last; y++) {
            for (int x = 0; x <= last; x++) {
                int fromX = quarters == 1 ? y : quarters == 2 ? last - x : last - y;
                int fromY = quarters == 1 ? last - x : quarters == 2 ? last - y : x;
                int from = (fromY * (last + 1) + fromX) * channels;
                System.arraycopy(square.samples(), from, samples, to, channels);
                to += channels;
            }
        }
        return square.withPixels(last + 1, last + 1, samples);
    }
}
