package org.deepcovid.core.image;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads PNG, JPEG, BMP and TIFF files into 8-bit images.
 *
 * <p>Samples are taken as stored: 16-bit samples become {@code round(v / 257)}, palettes are looked
 * up, alpha is dropped and not composited, CMYK becomes RGB by {@code (255 - C)(255 - K) / 255},
 * gamma and colour profiles are not applied. The EXIF orientation of JPEG, PNG and TIFF files is
 * applied. Of files with several images, the first is read.
 *
 * <p>A file of which anything is lost is refused: a truncated one, a PNG with a wrong checksum, a
 * JPEG whose decoder reports corrupt data. Bytes after the end of the image do no harm.
 *
 * @see <a href="https://www.w3.org/TR/png-3/">Portable Network Graphics (W3C)</a>
 */
public final class ImageDecoder {

    /** Most pixels that an image may have; larger ones are refused before memory is allocated. */
    public static final long MAX_PIXELS = 128L << 20;

    private static final long MAX_FILE_BYTES = 1L << 30;
    private static final int FIRST_LOOK_BYTES = 1 << 16;

    private ImageDecoder() {}

    /**
     * Decodes a file completely.
     *
     * @param file the image file
     * @return its first image, upright, with 1 or 3 channels
     * @throws UnreadableImageException if the file is no image of a known kind, is damaged, or has
     *     more than {@value #MAX_PIXELS} pixels
     */
    public static RasterImage decode(Path file) {
        return decode(file, read(file, Integer.MAX_VALUE));
    }

    /**
     * Decodes a file's bytes that are already in memory.
     *
     * @param file names the file in errors; it is not opened
     * @param bytes all bytes of the file
     * @return its first image, upright, with 1 or 3 channels
     * @throws UnreadableImageException as {@link #decode(Path)} does
     */
    public static RasterImage decode(Path file, byte[] bytes) {
        return guarded(file, () -> checkedFormat(bytes).decode(bytes));
    }

    /** The format of a file, whose header promises an image that can be read. */
    private static ImageFormat checkedFormat(byte[] bytes) throws IOException {
        ImageFormat format = FileKind.of(bytes).format();
        requireModestSize(format.size(bytes));
        return format;
    }

    /**
     * Looks at the beginning of a file: is it an image of a known kind, of a size that can be read?
     * The pixels are not decoded.
     *
     * @param file the image file
     * @throws UnreadableImageException if the header already tells that the file cannot be decoded
     */
    public static void checkHeader(Path file) {
        for (int look = FIRST_LOOK_BYTES; ; look = Integer.MAX_VALUE) {
            byte[] bytes = read(file, look);
            try {
                guarded(file, () -> checkedFormat(bytes));
                return;
            } catch (UnreadableImageException e) {
                if (bytes.length < look) { // it was the whole file
                    throw e;
                }
            }
        }
    }

    private static void requireModestSize(ImageSize size) throws IOException {
        if (size.width() <= 0 || size.height() <= 0) {
            throw new IOException(
                    "its header says %d x %d pixels; expected positive sizes"
                            .formatted(size.width(), size.height()));
        }
        if (size.pixels() > MAX_PIXELS) {
            throw new IOException(
                    "its header says %d x %d pixels; expected at most %d in all (reduce the image)"
                            .formatted(size.width(), size.height(), MAX_PIXELS));
        }
    }

    private static byte[] read(Path file, int most) {
        requireNonNull(file, "file is null");
        try (InputStream in = Files.newInputStream(file)) {
            if (Files.isDirectory(file)) {
                throw new UnreadableImageException(file, "it is a folder");
            }
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new UnreadableImageException(
                        file,
                        "it has %d bytes; expected at most %d"
                                .formatted(Files.size(file), MAX_FILE_BYTES));
            }
            return most == Integer.MAX_VALUE ? in.readAllBytes() : in.readNBytes(most);
        } catch (NoSuchFileException e) {
            throw new UnreadableImageException(file, "there is no such file", e);
        } catch (IOException e) {
            throw new UnreadableImageException(file, "the file system says: " + e, e);
        }
    }

    private interface Step<T> {
        T run() throws IOException;
    }

    /** Codecs answer damaged files with all kinds of exceptions; all of them mean "damaged". */
    private static <T> T guarded(Path file, Step<T> step) {
        try {
            return step.run();
        } catch (IOException e) {
            throw new UnreadableImageException(file, reason(e), e);
        } catch (RuntimeException e) {
            throw new UnreadableImageException(file, "it is damaged (" + e + ")", e);
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? "it is damaged (" + e + ")" : e.getMessage();
    }
}
