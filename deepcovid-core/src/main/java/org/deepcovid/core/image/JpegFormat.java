package org.deepcovid.core.image;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.spi.ServiceRegistry;

/**
 * JPEG. Components are read raw and converted to grey or RGB here, without any colour profile of
 * the file or the machine.
 */
final class JpegFormat implements ImageFormat {

    private static final class Holder {
        static final ImageReaderSpi READER = tolerantReader();
    }

    /**
     * The TwelveMonkeys reader, which repairs unusual markers and delegates decoding to the JDK's
     * reader. It looks that reader up in a registry; a private one leaves the application's
     * registry unchanged.
     */
    private static ImageReaderSpi tolerantReader() {
        List<Class<?>> categories = List.of(ImageReaderSpi.class);
        ServiceRegistry registry = new ServiceRegistry(categories.iterator());
        registry.registerServiceProvider(Codec.ofJdk("jpeg"));
        ImageReaderSpi reader = new JPEGImageReaderSpi();
        registry.registerServiceProvider(reader);
        return reader;
    }

    @Override
    public Size size(byte[] bytes) throws IOException {
        return JpegStructure.header(bytes).requireEightBits().size();
    }

    @Override
    public RasterImage decode(byte[] bytes) throws IOException {
        JpegStructure structure = JpegStructure.whole(bytes).requireEightBits();
        Raster raster = Codec.read(Holder.READER, bytes, JpegFormat::readCoded);
        RasterImage stored = JpegColours.toGreyOrRgb(raster, structure, structure.isLumaChroma());
        int orientation = structure.exif().map(Orientation::of).orElse(1);
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
            LosslessJpeg.requireAllSamples(jpeg, size);
            return Codec.read(Holder.READER, jpeg, JpegFormat::readLossless);
        }
        structure.requireDctWithHuffman();
        structure.requireEightBits();
        Raster raster = Codec.read(Holder.READER, jpeg, JpegFormat::readCoded);
        if (structure.components() != 3) {
            return raster;
        }
        byte[] rgb =
                JpegColours.toGreyOrRgb(raster, structure, structure.isLumaChroma(lumaChroma))
                        .samples();
        return Raster.createInterleavedRaster(
                new DataBufferByte(rgb, rgb.length),
                raster.getWidth(),
                raster.getHeight(),
                3 * raster.getWidth(),
                3,
                new int[] {0, 1, 2},
                null);
    }

    private static Raster readCoded(ImageReader reader, List<String> warnings) throws IOException {
        return undamaged(reader.readRaster(0, null), warnings);
    }

    /** Only {@code read} decodes prediction; its image holds the samples as coded. */
    private static Raster readLossless(ImageReader reader, List<String> warnings)
            throws IOException {
        return undamaged(reader.read(0).getRaster(), warnings);
    }

    private static Raster undamaged(Raster raster, List<String> warnings) throws IOException {
        Optional<String> damage = warnings.stream().filter(JpegFormat::isDamage).findFirst();
        if (damage.isPresent()) {
            throw new IOException("its JPEG data is damaged: " + damage.get());
        }
        return raster;
    }

    /**
     * libjpeg reports corrupt data as a warning and fills the rest with grey. Extra bytes before
     * the end marker are harmless.
     */
    private static boolean isDamage(String warning) {
        boolean stray = warning.contains("extraneous bytes before marker 0xd9");
        return !stray
                && (warning.contains("Corrupt JPEG data")
                        || warning.contains("Premature end")
                        || warning.contains("Inconsistent progression")
                        || warning.contains("Invalid SOS"));
    }
}
