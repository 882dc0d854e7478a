package org.deepcovid.core.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * The JDK's image readers, selected explicitly, so that plug-ins registered by an application have
 * no effect.
 */
final class Codec {

    private Codec() {}

    interface Reading<T> {
        T read(ImageReader reader, List<String> warnings) throws IOException;
    }

    /** The JDK's own reader of a format. */
    static ImageReaderSpi ofJdk(String format) {
        Iterator<ImageReaderSpi> all =
                IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, false);
        while (all.hasNext()) {
            ImageReaderSpi spi = all.next();
            boolean jdk = spi.getClass().getModule() == ImageReader.class.getModule();
            if (jdk && List.of(spi.getFormatNames()).contains(format)) {
                return spi;
            }
        }
        throw new IllegalStateException(
                "this Java installation has no %s reader; use one with the module java.desktop"
                        .formatted(format));
    }

    /** Reads from memory; the reader adds to the list of warnings. */
    static <T> T read(ImageReaderSpi spi, byte[] bytes, Reading<T> reading) throws IOException {
        ImageReader reader = spi.createReaderInstance();
        List<String> warnings = new ArrayList<>();
        try (ImageInputStream in =
                new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
            reader.setInput(in, false, true);
            return reading.read(reader, warnings);
        } finally {
            reader.dispose();
        }
    }

    /** Decodes the first image as the format stores it. */
    static BufferedImage readFirst(ImageReaderSpi spi, byte[] bytes) throws IOException {
        return read(spi, bytes, (reader, warnings) -> reader.read(0));
    }
}
