package org.deepcovid.core.image;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.spi.ServiceRegistry;

/**
 * JPEG. Components are read raw and converted to grey or RGB here, without any colour profile of
 * the file or the machine.
 */
final class JpegFormat implements ImageFormat {

    /** One block of image data seldom takes fewer. */
    private static final int MOST_STRAY_BYTES = 8;

    private static final Pattern EXTRA_BYTES =
            Pattern.compile(".* (\\d+) extraneous bytes before marker 0xd9.*");

    private static final class Holder {
        static final ImageReaderSpi READER = Codec.ofJdk("jpeg");
    }

    /** The TwelveMonkeys reader; the JDK's reads no lossless JPEG. */
    private static final class Lossless {
        static final ImageReaderSpi READER = withJdkReader();

        /**
         * It looks the JDK's reader up in a registry; a private one leaves the global one as it is.
         */
        private static ImageReaderSpi withJdkReader() {
            List<Class<?>> categories = List.of(ImageReaderSpi.class);
            ServiceRegistry registry = new ServiceRegistry(categories.iterator());
            registry.registerServiceProvider(Codec.ofJdk("jpeg"));
            ImageReaderSpi reader = new JPEGImageReaderSpi();
            registry.registerServiceProvider(reader);
            return reader;
        }
    }

    @Override
    public Size size(byte[] bytes) throws IOException {
        return JpegStructure.header(bytes).requireEightBits().size();
    }

    @Override
    public RasterImage decode(byte[] bytes) throws IOException {
        JpegStructure structure =
                JpegStructure.whole(bytes).requireDctWithHuffman().requireEightBits();
        RasterImage stored = decode(structure, structure.isLumaChroma());
        int orientation = structure.exif().map(Orientation::of).orElse(Orientation.UPRIGHT);
        return Orientation.upright(stored, orientation);
    }

    /**
     * The image of a DICOM file: 8 bits, or up to 16 if coded without loss. Its frame header
     * decides, not what the DICOM header says.
     */
    static Raster samples(byte[] jpeg, int width, int height, boolean lumaChroma)
            throws IOException {
        JpegStructure structure = JpegStructure.whole(jpeg);
        Size size = structure.size();
        if (size.width() != width || size.height() != height) {
            throw new IOException(
                    "its JPEG data have %d x %d pixels; the DICOM header says %d x %d"
                            .formatted(size.width(), size.height(), width, height));
        }
        if (structure.isLossless()) {
            byte[] checked = LosslessJpeg.checked(jpeg, size);
            return Codec.read(Lossless.READER, checked, JpegFormat::readLossless);
        }
        structure.requireDctWithHuffman().requireEightBits();
        RasterImage image = decode(structure, structure.isLumaChroma(lumaChroma));
        byte[] samples = image.samples();
        int channels = image.channels();
        return Raster.createInterleavedRaster(
                new DataBufferByte(samples, samples.length),
                width,
                height,
                channels * width,
                channels,
                IntStream.range(0, channels).toArray(),
                null);
    }

    /** Only {@code read} decodes prediction; its image holds the samples as coded. */
    private static Raster readLossless(ImageReader reader, List<String> warnings)
            throws IOException {
        Raster raster = reader.read(0).getRaster();
        if (!warnings.isEmpty()) {
            throw new IOException("its JPEG data is damaged: " + warnings.get(0));
        }
        return raster;
    }

    /** Decodes without EXIF orientation, to grey or RGB. */
    static RasterImage decode(JpegStructure structure, boolean lumaChroma) throws IOException {
        byte[] plain = structure.plain();
        Raster raster =
                Codec.read(
                        Holder.READER,
                        plain,
                        (reader, warnings) -> readRaster(reader, warnings, plain));
        return JpegColours.toGreyOrRgb(raster, structure.components(), lumaChroma);
    }

    private static Raster readRaster(ImageReader reader, List<String> warnings, byte[] plain)
            throws IOException {
        Raster raster = reader.readRaster(0, null);
        for (String warning : warnings) { // libjpeg fills the rest with grey
            if (!isHarmless(warning, plain)) {
                throw new IOException("its JPEG data is damaged: " + warning);
            }
        }
        return raster;
    }

    /**
     * Whether a warning reports bytes before the end marker that cannot be lost image data:
     * padding, or only a few bytes.
     */
    private static boolean isHarmless(String warning, byte[] plain) {
        Matcher extra = EXTRA_BYTES.matcher(warning);
        if (!extra.matches()) {
            return false;
        }
        int count = Integer.parseInt(extra.group(1));
        int last = plain.length - 3;
        boolean padding = true;
        for (int i = last; i > last - count; i--) {
            padding &= plain[i] == plain[last];
        }
        return padding || count <= MOST_STRAY_BYTES;
    }
}
