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
 * An image to score or explain, from a file, bytes, a stream or memory. All sources share one
 * decoder and one resize, so that the same image gets the same score to the last bit.
 *
 * <p>A file is opened when the image is decoded, and its bytes are not kept. Thread-safe.
 */
public final class Radiograph {

    /** Where an image's content is. */
    private interface Source {

        Content read();

        String sha256();
    }

    private record InFile(Path file) implements Source {

        @Override
        public Content read() {
            return new Encoded(ImageDecoder.read(file));
        }

        @Override
        public String sha256() {
            return FileHashes.sha256(file); // streamed
        }
    }

    /** An image's content in memory. */
    private interface Content extends Source {

        RasterImage decode(String id);

        @Override
        default Content read() {
            return this;
        }
    }

    /** Bytes of an image file. */
    private static final class Encoded implements Content {

        private final byte[] bytes;

        Encoded(byte[] bytes) {
            this.bytes = bytes;
        }

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

    /** As far as they are known; shared by the copies of a radiograph. */
    private static final class Checksums {
        private volatile String bytes;
        private volatile String pixels;
        private volatile Thumbnail thumbnail;
    }

    private final String id; // null for the path of the file: many images are listed at once
    private final Optional<Path> file;
    private final Source source;
    private final boolean hashing;
    private final Checksums checksums;

    private Radiograph(
            String id, Optional<Path> file, Source source, boolean hashing, Checksums checksums) {
        this.id = id;
        this.file = file;
        this.source = source;
        this.hashing = hashing;
        this.checksums = checksums;
    }

    private Radiograph(String id, Optional<Path> file, Source source) {
        this(id, file, source, false, new Checksums());
    }

    /**
     * An image file.
     *
     * @param file PNG, JPEG, BMP, TIFF or DICOM; not opened yet
     * @return a radiograph whose id is the path
     */
    public static Radiograph of(Path file) {
        requireNonNull(file, "file is null");
        return new Radiograph(null, Optional.of(file), new InFile(file));
    }

    /**
     * An image file's content.
     *
     * @param bytes of a PNG, JPEG, BMP, TIFF or DICOM file; copied
     * @return a radiograph with the id {@code "image of N bytes"}; see {@link #withId}
     */
    public static Radiograph of(byte[] bytes) {
        return ofOwned(bytes.clone());
    }

    /**
     * An image file's content, read to the end of the stream.
     *
     * @param stream a PNG, JPEG, BMP, TIFF or DICOM file; left open
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
        String id = "image of %d bytes".formatted(bytes.length);
        return new Radiograph(id, Optional.empty(), new Encoded(bytes));
    }

    /**
     * An image in memory. Its samples are used as stored, without conversion of colour space or
     * gamma ({@code getRGB} would brighten grey images). An image read by {@code ImageIO} gives the
     * same result as its file, except that {@code ImageIO} ignores the EXIF orientation and a
     * declared range of samples (sBIT, MaxSampleValue).
     *
     * @param image grey or RGB, 1 to 16 bits per sample, or with a palette; alpha is dropped;
     *     copied
     * @return a radiograph with the id {@code "image of W x H pixels"}; see {@link #withId}
     * @throws IllegalArgumentException if the image has other colours or samples
     */
    public static Radiograph of(BufferedImage image) {
        RasterImage pixels;
        try {
            pixels = Samples.ofPicture(image);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot use this image: " + e.getMessage(), e);
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
        return new Radiograph(id, Optional.empty(), new Decoded(pixels));
    }

    /**
     * The same image with another id.
     *
     * @param newId id in predictions and errors
     */
    public Radiograph withId(String newId) {
        requireNonNull(newId, "newId is null");
        return new Radiograph(newId, file, source, hashing, checksums);
    }

    /**
     * The same image, with the checksums of bytes and pixels computed at every decoding, so that a
     * file is neither read nor decoded twice.
     */
    public Radiograph withChecksum() {
        return hashing ? this : new Radiograph(id, file, source, true, checksums);
    }

    /**
     * The same image with a known checksum. If it was not known, the file is read once, for the
     * checksum and for decoding: the result holds its bytes.
     *
     * @throws UnreadableImageException if the file cannot be read
     */
    public Radiograph read() {
        if (checksums.bytes != null) {
            return this;
        }
        Content content = source.read();
        checksums.bytes = content.sha256();
        return new Radiograph(id, file, content, hashing, checksums);
    }

    /**
     * Identifies the image in predictions and errors.
     *
     * @return the id set by {@link #withId}, else the path of a file or a description
     */
    public String id() {
        return id == null ? file.orElseThrow().toString() : id;
    }

    /**
     * The image file.
     *
     * @return empty for bytes, streams and images in memory
     */
    public Optional<Path> file() {
        return file;
    }

    /**
     * Reads and decodes the image.
     *
     * @return 8-bit pixels, upright, with 1 or 3 channels, and remarks on them
     * @throws UnreadableImageException if the file cannot be read or decoded, or the image is blank
     *     or nearly so: fewer than 32 grey levels, or 99 % of its pixels black or white
     */
    public RasterImage decode() {
        Content content = source.read();
        boolean mayHaveChanged = content != source;
        String known = checksums.bytes;
        if (hashing && (mayHaveChanged || known == null)) {
            checksums.bytes = content.sha256();
        }
        RasterImage pixels = Plausibility.check(id(), content.decode(id()));
        boolean described = checksums.pixels != null && checksums.thumbnail != null;
        if (hashing && !(described && checksums.bytes.equals(known))) {
            checksums.pixels = pixels.sha256();
            checksums.thumbnail = Thumbnail.of(pixels);
        }
        return pixels;
    }

    /**
     * The thumbnail of the decoded pixels. With {@link #withChecksum()}, that of the latest {@link
     * #decode()}; otherwise the image is decoded at the first call.
     *
     * @throws UnreadableImageException as {@link #decode()} does
     */
    public Thumbnail thumbnail() {
        if (checksums.thumbnail == null) {
            checksums.thumbnail = Thumbnail.of(decode());
        }
        return checksums.thumbnail;
    }

    /** Whether {@link #pixelsSha256()} is known without decoding. */
    public boolean hasPixelsSha256() {
        return checksums.pixels != null;
    }

    /**
     * Checksum of the decoded pixels: equal for a grey image and its copy with three equal
     * channels, in any format without loss. With {@link #withChecksum()}, that of the latest {@link
     * #decode()}; otherwise the image is decoded at the first call.
     *
     * @return SHA-256, 64 lower-case hexadecimal digits
     * @throws UnreadableImageException as {@link #decode()} does
     */
    public String pixelsSha256() {
        if (checksums.pixels == null) {
            checksums.pixels = decode().sha256();
        }
        return checksums.pixels;
    }

    /**
     * Checksum of the file's bytes, or of size and samples for images in memory. With {@link
     * #withChecksum()}, that of the bytes that {@link #decode()} read last; otherwise the file is
     * read at the first call.
     *
     * @return SHA-256, 64 lower-case hexadecimal digits
     * @throws UncheckedIOException if the file cannot be read; the message names it
     */
    public String sha256() {
        if (checksums.bytes == null) {
            checksums.bytes = source.sha256();
        }
        return checksums.bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Radiograph radiograph
                && id().equals(radiograph.id())
                && file.equals(radiograph.file)
                && (file.isPresent() || sha256().equals(radiograph.sha256()));
    }

    @Override
    public int hashCode() {
        return 31 * id().hashCode() + file.hashCode();
    }

    @Override
    public String toString() {
        return id();
    }
}
