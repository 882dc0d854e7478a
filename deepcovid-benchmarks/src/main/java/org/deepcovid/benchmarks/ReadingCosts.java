package org.deepcovid.benchmarks;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.core.image.Radiograph;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.image.dicom.DicomMetadata;

/**
 * Processor time of decoding TIFF files here and by the JDK's reader, of the check for blank
 * pictures, and of a DICOM file and its header.
 */
public final class ReadingCosts {

    private static final int SIZE = 2000;
    private static final int ROUNDS = 25;

    private ReadingCosts() {}

    /**
     * Prints Markdown rows with medians.
     *
     * @param args a folder for TIFF files, and a DICOM file
     */
    public static void main(String[] args) throws Exception {
        Path folder = Files.createDirectories(Path.of(args[0]));
        BufferedImage picture = picture();
        for (String compression : List.of("PackBits", "LZW", "Deflate", "JPEG")) {
            Path file = folder.resolve(compression + ".tif");
            write(picture, compression, file);
            print("TIFF, " + compression, () -> ImageDecoder.decode(file));
            print("TIFF, " + compression + ", JDK", () -> ImageIO.read(file.toFile()));
        }
        RasterImage pixels = RasterImage.of(SIZE, SIZE, 1, samples(picture));
        print("check for blank pictures", () -> Radiograph.of(pixels).decode());
        Path dicom = Path.of(args[1]);
        print("DICOM", () -> ImageDecoder.decode(dicom));
        print("DICOM, header", () -> DicomMetadata.of(dicom));
    }

    /** Blobs with grain. */
    private static BufferedImage picture() {
        BufferedImage picture = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_BYTE_GRAY);
        Random random = new Random(1);
        for (int i = 0; i < SIZE * SIZE; i++) {
            int row = i / SIZE;
            double wave = Math.sin(i % SIZE / 200.0) * Math.cos(row / 150.0);
            int level = (int) Math.rint(128 + 110 * wave + random.nextGaussian());
            picture.getRaster().setSample(i % SIZE, i / SIZE, 0, level);
        }
        return picture;
    }

    private static byte[] samples(BufferedImage picture) {
        return (byte[]) picture.getRaster().getDataElements(0, 0, SIZE, SIZE, null);
    }

    private static void write(BufferedImage picture, String compression, Path file)
            throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionType(compression);
        Files.deleteIfExists(file);
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(picture, null, null), parameters);
        } finally {
            writer.dispose();
        }
    }

    private static void print(String what, Callable<?> work) throws Exception {
        double[] milliseconds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            work.call();
            long end = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            milliseconds[round] = (end - start) / 1e6;
        }
        Arrays.sort(milliseconds);
        System.out.printf(Locale.ROOT, "| %s | %.2f ms |%n", what, milliseconds[ROUNDS / 2]);
    }
}
