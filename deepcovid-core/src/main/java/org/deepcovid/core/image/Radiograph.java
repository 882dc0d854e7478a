package org.deepcovid.core.image;

import static java.util.Objects.requireNonNull;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.deepcovid.core.io.FileHashes;

/**
 * One image to score or explain, from a file, from bytes, from a stream or from memory. All of them
 * are decoded and resized in the same way, so that the same picture gets the same score to the last
 * bit.
 *
 * <p>A file is opened when the image is decoded, not before, and its bytes are not kept. Safe for
 * use by several threads.
 */
public final class Radiograph {

    /** Reads an image's content. */
    private interface Source {
        Content read();
    }

    private interface Content {
        String sha256();

        RasterImage decode(String id);
    }

    private record Encoded(byte[] bytes) implements Content {
        @Override
        public String sha256() {
            return FileHashes.sha256(bytes);
        }

        @Override
        public RasterImage decode(String id) {
            return ImageDecoder.decode(id, bytes);
        }
    }

    private record Decoded(RasterImage pixels) implements Content {
        @Override
        public String sha256() {
            return pixels.sha256();
        }

        @Override
        public RasterImage decode(String id) {
            return pixels;
        }
    }

    private final String id;
    private final Optional<Path> file;
    private final Source source;
    private final boolean hashing;
    private volatile String sha256;

    private Radiograph(String id, Optional<Path> file, Source source, boolean hashing) {
        this.id = requireNonNull(id, "id is null");
        this.file = file;
        this.source = source;
        this.hashing = hashing;
    }

    private Radiograph(String id, Optional<Path> file, Source source) {
        this(id, file, source, false);
    }

    /**
     * An image file.
     *
     * @param file PNG, JPEG, BMP or TIFF; not opened yet
     * @return a radiograph whose id is the path
     */
    public static Radiograph of(Path file) {
        requireNonNull(file, "file is null");
        return new Radiograph(
                file.toString(), Optional.of(file), () -> new Encoded(ImageDecoder.read(file)));
    }

    /**
     * An image file's content.
     *
     * @param bytes of a PNG, JPEG, BMP or TIFF file; copied
     * @return a radiograph with the id {@code "image of N bytes"}; see {@link #withId}
     */
    public static Radiograph of(byte[] bytes) {
        return ofOwned(bytes.clone());
    }

    /**
     * An image file's content, read to the end of the stream.
     *
     * @param stream a PNG, JPEG, BMP or TIFF file; left open
     * @return a radiograph with the id {@code "image of N bytes"}; see {@link #withId}
     * @throws UncheckedIOException if the stream cannot be read
     */
    public static Radiograph of(InputStream stream) {
        try {
            return ofOwned(stream.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the image stream: " + e.getMessage(), e);
        }
    }

    private static Radiograph ofOwned(byte[] bytes) {
        Content content = new Encoded(bytes);
        String id = "image of %d bytes".formatted(bytes.length);
        return new Radiograph(id, Optional.empty(), () -> content);
    }

    /**
     * A picture in memory. Its samples are taken as stored, without a change of colour space or
     * gamma: {@code getRGB} would brighten grey pictures. A picture that {@code ImageIO} read
     * equals its file, except that {@code ImageIO} does not apply the EXIF orientation.
     *
     * @param image grey or RGB, 1 to 16 bits per sample, or with a palette; alpha is dropped;
     *     copied
     * @return a radiograph with the id {@code "image of W x H pixels"}; see {@link #withId}
     * @throws IllegalArgumentException if the picture has other colours or samples
     */
    public static Radiograph of(BufferedImage image) {
        RasterImage pixels;
        try {
            pixels = Samples.ofPicture(image);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot use this picture: " + e.getMessage(), e);
        }
        return of(pixels);
    }

    /**
     * Decoded pixels.
     *
     * @param pixels grey or RGB
     * @return a radiograph with the id {@code "image of W x H pixels"}; see {@link #withId}
     */
    public static Radiograph of(RasterImage pixels) {
        String id = "image of %d x %d pixels".formatted(pixels.width(), pixels.height());
        Content content = new Decoded(pixels);
        return new Radiograph(id, Optional.empty(), () -> content);
    }

    /**
     * The same image under another name.
     *
     * @param newId names the image in predictions and errors
     * @return a copy
     */
    public Radiograph withId(String newId) {
        return new Radiograph(newId, file, source, hashing);
    }

    /**
     * The same image, whose checksum is computed whenever it is decoded, from the bytes in memory:
     * for datasets, which need both.
     *
     * @return a copy
     */
    public Radiograph withChecksum() {
        return new Radiograph(id, file, source, true);
    }

    /**
     * Names the image in predictions and errors.
     *
     * @return the path of a file; otherwise what {@link #withId} set, or a description
     */
    public String id() {
        return id;
    }

    /**
     * The file that the image is read from.
     *
     * @return empty for bytes, streams and pictures
     */
    public Optional<Path> file() {
        return file;
    }

    /**
     * Reads and decodes the image.
     *
     * @return 8-bit pixels, upright, with 1 or 3 channels
     * @throws UnreadableImageException if the file cannot be read or decoded
     */
    public RasterImage decode() {
        Content content = source.read();
        if (hashing) {
            sha256 = content.sha256();
        }
        return content.decode(id);
    }

    /**
     * Checksum of a file's bytes: of those that {@link #decode()} read last if this image was made
     * {@link #withChecksum()}, otherwise the file is read at the first call. Of pictures in memory,
     * the checksum of size and samples.
     *
     * @return SHA-256, 64 lower-case hexadecimal digits
     * @throws UncheckedIOException if the file cannot be read; the message names it
     */
    public String sha256() {
        if (sha256 == null) {
            sha256 =
                    file.isPresent()
                            ? FileHashes.sha256(file.get()) // as a stream
                            : source.read().sha256();
        }
        return sha256;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Radiograph radiograph
                && id.equals(radiograph.id)
                && file.equals(radiograph.file)
                && (file.isPresent() || sha256().equals(radiograph.sha256()));
    }

    @Override
    public int hashCode() {
        return 31 * id.hashCode() + file.hashCode();
    }

    @Override
    public String toString() {
        return id;
    }
}
