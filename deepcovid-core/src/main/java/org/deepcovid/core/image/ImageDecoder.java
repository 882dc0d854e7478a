package org.deepcovid.core.image;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import org.deepcovid.core.io.AtomicFile;

/**
 * Reads PNG, JPEG, BMP, TIFF and DICOM files into 8-bit images.
 *
 * <p>Samples are taken as stored: 16-bit samples become {@code round(v / 257)}, or are scaled by
 * the number of bits that sBIT or MaxSampleValue declares, or that hold all of them (8, 10, 12 or
 * 14, with a remark). Palettes are looked up, alpha is dropped and not composited, CMYK becomes RGB
 * by {@code (255 - C)(255 - K) / 255}, gamma and colour profiles are not applied. The EXIF
 * orientation of JPEG, PNG and TIFF files is applied. Of files with several images, the first is
 * read. Grey values of DICOM files are those of the window that the file names (see {@code
 * docs/dicom.md}); files with several frames are rejected.
 *
 * <p>Damaged files are rejected: truncated files, PNG files with a wrong checksum, JPEG files whose
 * decoder reports corrupt data or that lack scans, TIFF strips that yield too few bytes. Bytes
 * after the end of the image, and fill bytes between the parts of a JPEG file, are ignored.
 *
 * @see <a href="https://www.w3.org/TR/png-3/">Portable Network Graphics (W3C)</a>
 */
public final class ImageDecoder {

    /**
     * System property: the largest image, in megapixels, 1 to 700; larger ones are rejected before
     * memory is allocated. The default is 100.
     */
    public static final String MAX_MEGAPIXELS = "deepcovid.maxMegapixels";

    private static final int KIND_BYTES = 1024;
    private static final int DEFAULT_MEGAPIXELS = 100;

    /** The highest value of {@value #MAX_MEGAPIXELS}; an array holds 3 samples per pixel. */
    public static final int MOST_MEGAPIXELS = 700;

    private static final int MILLION = 1_000_000;

    /** Bytes that decoding may take per pixel: 16-bit RGB as stored, and its 8-bit form. */
    private static final int BYTES_PER_PIXEL = 12;

    /** The megapixels that half of Java's memory holds; larger images are decoded alone. */
    private static final int SHARES =
            (int) Math.max(1, Runtime.getRuntime().maxMemory() / 2 / BYTES_PER_PIXEL / MILLION);

    private static final Semaphore MEMORY = new Semaphore(SHARES, true);

    private static final long MAX_FILE_BYTES = 1L << 30;

    private ImageDecoder() {}

    /**
     * Decodes a file completely.
     *
     * @param file the image file
     * @return its first image, upright, with 1 or 3 channels
     * @throws UnreadableImageException if the file is not an image of a known kind, is damaged, is
     *     larger than {@value #MAX_MEGAPIXELS} allows, or does not fit into memory
     */
    public static RasterImage decode(Path file) {
        return decode(file.toString(), read(file));
    }

    /**
     * Whether the first bytes of a file are those of an image, also of one that is not decoded; the
     * file's name is ignored.
     *
     * @return also true if the file cannot be opened, which decoding reports
     */
    public static boolean isImage(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return FileKind.of(in.readNBytes(KIND_BYTES)).isImage();
        } catch (IOException e) {
            return true;
        }
    }

    /** Decodes a file's content; the id appears in errors. */
    static RasterImage decode(String id, byte[] bytes) {
        int most = maxMegapixels();
        try {
            ImageFormat format = FileKind.of(bytes).format();
            ImageFormat.Size size = format.size(bytes);
            requireModestSize(size, most);
            int share = (int) Math.min(SHARES, 1 + size.pixels() / MILLION);
            return decode(format, bytes, share);
        } catch (IOException e) {
            throw new UnreadableImageException(id, reason(e), e);
        } catch (RuntimeException e) { // readers throw any exception for damaged files
            throw new UnreadableImageException(id, "it is damaged (" + e + ")", e);
        } catch (OutOfMemoryError e) {
            throw doesNotFit(id, e);
        }
    }

    /** Decodes when its share of the memory is free; after a failure, once more, alone. */
    private static RasterImage decode(ImageFormat format, byte[] bytes, int share)
            throws IOException {
        MEMORY.acquireUninterruptibly(share);
        try {
            return format.decode(bytes);
        } catch (OutOfMemoryError e) {
            if (share == SHARES) {
                throw e;
            }
        } finally {
            MEMORY.release(share);
        }
        return decode(format, bytes, SHARES);
    }

    private static UnreadableImageException doesNotFit(String id, OutOfMemoryError cause) {
        return new UnreadableImageException(
                id,
                "it does not fit into Java's memory of %d MB; reduce the image, or give Java more (-Xmx8g; for the command line: JAVA_OPTS=-Xmx8g)"
                        .formatted(Runtime.getRuntime().maxMemory() >> 20),
                cause);
    }

    private static int maxMegapixels() {
        String text = System.getProperty(MAX_MEGAPIXELS, "" + DEFAULT_MEGAPIXELS);
        if (!text.matches("[0-9]{1,3}")
                || Integer.parseInt(text) < 1
                || Integer.parseInt(text) > MOST_MEGAPIXELS) {
            throw new IllegalStateException(
                    "the system property %s is '%s'; expected a number from 1 to %d"
                            .formatted(MAX_MEGAPIXELS, text, MOST_MEGAPIXELS));
        }
        return Integer.parseInt(text);
    }

    private static void requireModestSize(ImageFormat.Size size, int megapixels)
            throws IOException {
        if (size.width() <= 0 || size.height() <= 0) {
            throw new IOException(
                    "its header says %d x %d pixels; expected positive sizes"
                            .formatted(size.width(), size.height()));
        }
        if (size.pixels() > (long) megapixels * MILLION) {
            throw new IOException(
                    "its header says %d x %d pixels; expected at most %d megapixels (reduce the image, or allow more: --max-megapixels, system property %s)"
                            .formatted(size.width(), size.height(), megapixels, MAX_MEGAPIXELS));
        }
    }

    /** All bytes of a file. */
    static byte[] read(Path file) {
        requireNonNull(file, "file is null");
        String id = file.toString();
        if (Files.exists(file) && !Files.isRegularFile(file)) { // opening a pipe would wait
            String kind = Files.isDirectory(file) ? "a folder" : "neither a file nor a folder";
            throw new UnreadableImageException(id, "it is " + kind, null);
        }
        try (InputStream in = Files.newInputStream(file)) {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new UnreadableImageException(
                        id,
                        "it has %d bytes; expected at most %d"
                                .formatted(Files.size(file), MAX_FILE_BYTES),
                        null);
            }
            return in.readAllBytes();
        } catch (OutOfMemoryError e) {
            throw doesNotFit(id, e);
        } catch (NoSuchFileException e) {
            throw new UnreadableImageException(id, "there is no such file", e);
        } catch (IOException e) {
            throw new UnreadableImageException(id, "cannot be read: " + AtomicFile.reason(e), e);
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? "it is damaged (" + e + ")" : e.getMessage();
    }
}
