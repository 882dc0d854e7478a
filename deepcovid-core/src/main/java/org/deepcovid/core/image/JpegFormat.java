package org.deepcovid.core.image;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
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
        return JpegStructure.header(bytes).size();
    }

    @Override
    public RasterImage decode(byte[] bytes) throws IOException {
        JpegStructure structure = JpegStructure.whole(bytes);
        Raster raster = Codec.read(Holder.READER, bytes, JpegFormat::readRaster);
        RasterImage stored = JpegColours.toGreyOrRgb(raster, structure);
        int orientation = structure.exif().map(Orientation::of).orElse(1);
        return Orientation.upright(stored, orientation);
    }

    private static Raster readRaster(ImageReader reader, List<String> warnings) throws IOException {
        Raster raster = reader.readRaster(0, null);
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
