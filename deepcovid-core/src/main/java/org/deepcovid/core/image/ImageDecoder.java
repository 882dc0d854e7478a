package org.deepcovid.core.image;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads PNG, JPEG, BMP, TIFF and DICOM files into 8-bit images.
 *
 * <p>Samples are taken as stored: 16-bit samples become {@code round(v / 257)}, palettes are looked
 * up, alpha is dropped and not composited, CMYK becomes RGB by {@code (255 - C)(255 - K) / 255},
 * gamma and colour profiles are not applied. The EXIF orientation of JPEG, PNG and TIFF files is
 * applied. Of files with several images, the first is read. Grey values of DICOM files are those of
 * the window that the file names (see {@code docs/dicom.md}); files with several frames are
 * rejected.
 *
 * <p>Damaged files are rejected: truncated files, PNG files with a wrong checksum, JPEG files whose
 * decoder reports corrupt data. Bytes after the end of the image are ignored.
 *
 * @see <a href="https://www.w3.org/TR/png-3/">Portable Network Graphics (W3C)</a>
 */
public final class ImageDecoder {

    /** Maximum number of pixels; larger images are rejected before memory is allocated. */
    public static final long MAX_PIXELS = 128L << 20;

    private static final long MAX_FILE_BYTES = 1L << 30;

    private ImageDecoder() {}

    /**
     * Decodes a file completely.
     *
     * @param file the image file
     * @return its first image, upright, with 1 or 3 channels
     * @throws UnreadableImageException if the file is not an image of a known kind, is damaged, or
     *     has more than {@value #MAX_PIXELS} pixels
     */
    public static RasterImage decode(Path file) {
        return decode(file.toString(), read(file));
    }

    /** Decodes a file's content; the id appears in errors. */
    static RasterImage decode(String id, byte[] bytes) {
        try {
            ImageFormat format = FileKind.of(bytes).format();
            requireModestSize(format.size(bytes));
            return format.decode(bytes);
        } catch (IOException e) {
            throw new UnreadableImageException(id, reason(e), e);
        } catch (RuntimeException e) { // readers throw any exception for damaged files
            throw new UnreadableImageException(id, "it is damaged (" + e + ")", e);
        }
    }

    private static void requireModestSize(ImageFormat.Size size) throws IOException {
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

    /** All bytes of a file. */
    static byte[] read(Path file) {
        requireNonNull(file, "file is null");
        String id = file.toString();
        try (InputStream in = Files.newInputStream(file)) {
            if (Files.isDirectory(file)) {
                throw new UnreadableImageException(id, "it is a folder", null);
            }
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new UnreadableImageException(
                        id,
                        "it has %d bytes; expected at most %d"
                                .formatted(Files.size(file), MAX_FILE_BYTES),
                        null);
            }
            return in.readAllBytes();
        } catch (NoSuchFileException e) {
            throw new UnreadableImageException(id, "there is no such file", e);
        } catch (IOException e) {
            throw new UnreadableImageException(id, "cannot be read: " + e, e);
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? "it is damaged (" + e + ")" : e.getMessage();
    }
}
