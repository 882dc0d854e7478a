package org.deepcovid.core.image.dicom;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;

/**
 * Size of the image and position of the bits of its samples (PS3.3, C.7.6.3; PS3.5, 8).
 *
 * @param bitsAllocated 8 or 16
 * @param highBit position of a sample's highest bit; bits above it hold something else
 * @param planar whether each colour is stored as a whole plane
 */
record PixelLayout(
        int rows,
        int columns,
        Photometric photometric,
        int bitsAllocated,
        int bitsStored,
        int highBit,
        boolean signed,
        boolean planar) {

    /** Meaning of samples (PS3.3, C.7.6.3.1.2). */
    enum Photometric {
        MONOCHROME1(1, 1),
        MONOCHROME2(1, 1),
        PALETTE_COLOR(1, 3),
        RGB(3, 3),
        YBR_FULL(3, 3),
        YBR_FULL_422(3, 3),
        /** RGB, once JPEG 2000 has reversed its colour transform. */
        YBR_ICT(3, 3),
        YBR_RCT(3, 3);

        private final int samples;
        private final int channels;

        Photometric(int samples, int channels) {
            this.samples = samples;
            this.channels = channels;
        }

        /** Samples per pixel. */
        int samples() {
            return samples;
        }

        /** Channels of the decoded image. */
        int channels() {
            return channels;
        }

        boolean isLumaChroma() {
            return this == YBR_FULL || this == YBR_FULL_422;
        }
    }

    static PixelLayout of(DataSet data) throws IOException {
        Photometric photometric = photometric(data.text(Tag.PHOTOMETRIC_INTERPRETATION));
        int allocated = oneOf(data, Tag.BITS_ALLOCATED, List.of(8, 16));
        int stored = data.number(Tag.BITS_STORED);
        int high = data.number(Tag.HIGH_BIT, stored - 1);
        if (stored < 1 || stored > allocated || high < stored - 1 || high >= allocated) {
            throw new IOException(
                    "it has %d bits allocated, %d stored and the high bit %d, which do not fit together"
                            .formatted(allocated, stored, high));
        }
        oneOf(data, Tag.SAMPLES_PER_PIXEL, List.of(photometric.samples()));
        boolean signed =
                data.has(Tag.PIXEL_REPRESENTATION)
                        && oneOf(data, Tag.PIXEL_REPRESENTATION, List.of(0, 1)) == 1;
        boolean planar =
                photometric.samples() == 3
                        && data.has(Tag.PLANAR_CONFIGURATION)
                        && oneOf(data, Tag.PLANAR_CONFIGURATION, List.of(0, 1)) == 1;
        int rows = data.number(Tag.ROWS);
        int columns = data.number(Tag.COLUMNS);
        return new PixelLayout(rows, columns, photometric, allocated, stored, high, signed, planar);
    }

    private static Photometric photometric(String name) throws IOException {
        String constant = name.replace(' ', '_').toUpperCase(Locale.ROOT);
        for (Photometric photometric : Photometric.values()) {
            if (photometric.name().equals(constant)) {
                return photometric;
            }
        }
        throw new IOException(
                "its %s is '%s'; expected MONOCHROME1, MONOCHROME2, RGB, YBR_FULL, YBR_FULL_422 or PALETTE COLOR"
                        .formatted(Tag.PHOTOMETRIC_INTERPRETATION, name));
    }

    private static int oneOf(DataSet data, Tag tag, List<Integer> expected) throws IOException {
        int value = data.number(tag);
        if (!expected.contains(value)) {
            throw new IOException(
                    "its %s is %d; expected %s"
                            .formatted(
                                    tag,
                                    value,
                                    String.join(
                                            " or ",
                                            expected.stream().map(String::valueOf).toList())));
        }
        return value;
    }

    int pixels() {
        return Math.multiplyExact(rows, columns);
    }

    /** Length of uncompressed pixel data. */
    long nativeBytes() {
        long samples = (long) pixels() * photometric.samples();
        boolean halved = photometric == Photometric.YBR_FULL_422;
        return (halved ? (long) rows * columns * 2 : samples) * (bitsAllocated / 8);
    }

    /** The stored value of a sample as an unsigned number of {@link #bitsStored} bits. */
    int stored(short sample) {
        return ((sample & 0xFFFF) >> (highBit + 1 - bitsStored)) & maxStored();
    }

    int maxStored() {
        return (1 << bitsStored) - 1;
    }

    /** The number that the bits of a stored value stand for. */
    int value(int stored) {
        return signed && stored >> (bitsStored - 1) != 0 ? stored - (1 << bitsStored) : stored;
    }

    /** Samples of uncompressed pixel data, colours interleaved. */
    short[] samples(byte[] bytes, ByteOrder order) throws IOException {
        short[] samples = new short[bytes.length / (bitsAllocated / 8)];
        if (bitsAllocated == 16) {
            ByteBuffer.wrap(bytes).order(order).asShortBuffer().get(samples);
        } else {
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (short) (bytes[i] & 0xFF);
            }
        }
        if (photometric == Photometric.YBR_FULL_422) {
            return withAllChroma(samples);
        }
        return planar ? interleaved(samples) : samples;
    }

    short[] interleaved(short[] planes) {
        int channels = photometric.samples();
        short[] samples = new short[planes.length];
        for (int c = 0; c < channels; c++) {
            for (int i = 0; i < pixels(); i++) {
                samples[i * channels + c] = planes[c * pixels() + i];
            }
        }
        return samples;
    }

    /** Two pixels are stored as Y1 Y2 Cb Cr (PS3.3, C.7.6.3.1.2). */
    private short[] withAllChroma(short[] pairs) throws IOException {
        if (columns % 2 != 0) {
            throw new IOException(
                    "its %s is YBR_FULL_422 with %d columns; expected an even number"
                            .formatted(Tag.PHOTOMETRIC_INTERPRETATION, columns));
        }
        short[] samples = new short[pixels() * 3];
        for (int i = 0; i < pixels(); i++) {
            int pair = i / 2 * 4;
            samples[3 * i] = pairs[pair + i % 2];
            samples[3 * i + 1] = pairs[pair + 2];
            samples[3 * i + 2] = pairs[pair + 3];
        }
        return samples;
    }
}
