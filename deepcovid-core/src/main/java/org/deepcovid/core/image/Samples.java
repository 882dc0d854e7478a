package org.deepcovid.core.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Makes 8-bit samples of those of decoded images, without the colour conversions of Java 2D. */
final class Samples {

    /** Depths of detectors, and of pictures that were copied into a larger type. */
    private static final List<Integer> USUAL_BITS = List.of(8, 10, 12, 14);

    private Samples() {}

    /** Samples of an application's image, after a check of its colour space. */
    static RasterImage ofPicture(BufferedImage image) throws IOException {
        int colours = image.getColorModel().getColorSpace().getType();
        if (colours != ColorSpace.TYPE_GRAY && colours != ColorSpace.TYPE_RGB) {
            throw new IOException("its colours are neither grey nor RGB; convert it");
        }
        if (!image.isAlphaPremultiplied()) {
            return of(image);
        }
        WritableRaster samples = image.copyData(null);
        image.getColorModel().coerceData(samples, false);
        return ofBands(samples);
    }

    static RasterImage of(BufferedImage image) throws IOException {
        return image.getColorModel() instanceof IndexColorModel palette
                ? ofIndexed(image.getRaster(), colours(palette))
                : ofBands(image.getRaster());
    }

    /** One or two bands are grey (and alpha), three or four are colours (and alpha). */
    static RasterImage ofBands(Raster raster) throws IOException {
        int type = raster.getSampleModel().getDataType();
        if (type != DataBuffer.TYPE_BYTE
                && type != DataBuffer.TYPE_USHORT
                && type != DataBuffer.TYPE_INT) {
            throw new IOException(
                    "it has signed or floating-point samples; expected unsigned ones of 1 to 16"
                            + " bits (convert it to PNG)");
        }
        int width = raster.getWidth();
        int height = raster.getHeight();
        int channels = raster.getNumBands() < 3 ? 1 : 3;
        byte[] samples = new byte[width * height * channels];
        boolean bytes =
                type == DataBuffer.TYPE_BYTE && raster.getSampleModel().getSampleSize(0) == 8;
        if (bytes && channels == raster.getNumBands()) {
            raster.getDataElements(raster.getMinX(), raster.getMinY(), width, height, samples);
            return RasterImage.wrap(width, height, channels, samples);
        }
        if (raster.getSampleModel().getSampleSize(0) > 8) {
            return ofWideBands(raster, channels);
        }
        int[] row = new int[width];
        for (int c = 0; c < channels; c++) {
            int max = (1 << raster.getSampleModel().getSampleSize(c)) - 1;
            for (int y = 0; y < height; y++) {
                raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, c, row);
                int out = y * width * channels + c;
                for (int x = 0; x < width; x++, out += channels) {
                    samples[out] = to8Bits(row[x], max);
                }
            }
        }
        return RasterImage.wrap(width, height, channels, samples);
    }

    private static RasterImage ofWideBands(Raster raster, int channels) throws IOException {
        int bits = raster.getSampleModel().getSampleSize(0);
        if (bits > 16) {
            throw new IOException("it has samples of %d bits; expected 1 to 16".formatted(bits));
        }
        int width = raster.getWidth();
        int height = raster.getHeight();
        short[] samples = new short[width * height * channels];
        int[] row = new int[width];
        int out = 0;
        for (int y = 0; y < height; y++) {
            for (int c = 0; c < channels; c++) {
                raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, c, row);
                for (int x = 0; x < width; x++) {
                    samples[out + x * channels + c] = (short) row[x];
                }
            }
            out += width * channels;
        }
        return ofWords(width, height, channels, samples, bits, OptionalInt.empty());
    }

    /**
     * Scales samples of more than 8 bits to 8 bits. Many writers store 12 bits in 16 without
     * declaring it, which would be nearly black.
     *
     * @param samples unsigned
     * @param bits of the container
     * @param declared number of bits in use according to the file; ignored if samples are larger
     */
    static RasterImage ofWords(
            int width, int height, int channels, short[] samples, int bits, OptionalInt declared) {
        int seen = 0;
        for (short sample : samples) {
            seen |= sample & 0xFFFF;
        }
        int used = Integer.SIZE - Integer.numberOfLeadingZeros(seen);
        int range = bits;
        Optional<String> remark = Optional.empty();
        if (declared.isPresent() && declared.getAsInt() >= Math.max(1, used)) {
            range = Math.min(bits, declared.getAsInt());
        } else if (bits == 16) {
            range = USUAL_BITS.stream().filter(usual -> usual >= used).findFirst().orElse(bits);
            remark =
                    range < bits
                            ? Optional.of(
                                    "its 16-bit samples fit into %d bits and are read as such"
                                            .formatted(range))
                            : Optional.empty();
        }
        byte[] scaled = new byte[samples.length];
        byte[] table = new byte[1 << range];
        for (int i = 0; i < table.length; i++) {
            table[i] = to8Bits(i, table.length - 1);
        }
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = table[samples[i] & 0xFFFF];
        }
        RasterImage image = RasterImage.wrap(width, height, channels, scaled);
        return remark.map(image::withRemark).orElse(image);
    }

    /** {@code round(sample * 255 / max)}; for 16 bits this is {@code round(sample / 257)}. */
    static byte to8Bits(int sample, int max) {
        return (byte) (max == 255 ? sample : (sample * 255 + max / 2) / max);
    }

    private static int[] colours(IndexColorModel palette) {
        int[] colours = new int[palette.getMapSize()];
        palette.getRGBs(colours);
        return colours;
    }

    /**
     * Converts palette indices to colours.
     *
     * @param colours 0xRRGGBB by index
     */
    static RasterImage ofIndexed(Raster raster, int[] colours) {
        int width = raster.getWidth();
        int height = raster.getHeight();
        int channels = isGrey(colours) ? 1 : 3;
        byte[] samples = new byte[width * height * channels];
        int[] row = new int[width];
        int out = 0;
        for (int y = 0; y < height; y++) {
            raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
            for (int x = 0; x < width; x++) {
                int colour = colours[row[x]];
                for (int c = 0; c < channels; c++) {
                    samples[out++] = (byte) (colour >> (16 - 8 * c));
                }
            }
        }
        return RasterImage.wrap(width, height, channels, samples);
    }

    static boolean isGrey(int[] colours) {
        for (int colour : colours) {
            int blue = colour & 0xFF;
            if ((colour >> 8 & 0xFF) != blue || (colour >> 16 & 0xFF) != blue) {
                return false;
            }
        }
        return true;
    }
}
