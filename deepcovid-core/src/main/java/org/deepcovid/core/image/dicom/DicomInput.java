package org.deepcovid.core.image.dicom;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * Reads a file in order. Each read names the element that it is for, so that the end of the file is
 * reported with it. Memory is taken for bytes that are there, never for a declared length.
 */
final class DicomInput implements AutoCloseable {

    /** Deflated data sets are read up to this length, which no radiograph has. */
    private static final long MAX_INFLATED_BYTES = 1L << 30;

    private final InputStream in;
    private final long size;
    private long position;
    private boolean bigEndian;
    private Inflater inflater;

    private DicomInput(InputStream in, long size) {
        this.in = in;
        this.size = size;
    }

    static DicomInput of(byte[] file) {
        return new DicomInput(new ByteArrayInputStream(file), file.length);
    }

    static DicomInput of(InputStream file, long size) {
        return new DicomInput(new BufferedInputStream(file), size);
    }

    /** The data after this position, which are deflated (PS3.5, A.5); closed with this. */
    DicomInput inflated() {
        inflater = new Inflater(true);
        InputStream data = new Inflated(in, inflater);
        return new DicomInput(new BufferedInputStream(data), MAX_INFLATED_BYTES);
    }

    private static final class Inflated extends InflaterInputStream {

        Inflated(InputStream deflated, Inflater inflater) {
            super(deflated, inflater);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                return super.read(buffer, offset, length);
            } catch (EOFException | ZipException e) {
                throw new IOException("its deflated data are truncated or damaged", e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (inflater != null) {
            inflater.end();
        }
        in.close();
    }

    void setBigEndian(boolean value) {
        bigEndian = value;
    }

    boolean isBigEndian() {
        return bigEndian;
    }

    long position() {
        return position;
    }

    /** The next bytes, fewer at the end of the file; they are read again. */
    byte[] peek(int count) throws IOException {
        in.mark(count);
        byte[] next = in.readNBytes(count);
        in.reset();
        return next;
    }

    byte[] read(long count, int element) throws IOException {
        requireLeft(count, element);
        byte[] bytes = in.readNBytes((int) Math.min(count, Integer.MAX_VALUE));
        if (bytes.length < count) {
            throw truncated(count, bytes.length, element);
        }
        position += count;
        return bytes;
    }

    void skip(long count, int element) throws IOException {
        requireLeft(count, element);
        try {
            in.skipNBytes(count);
        } catch (EOFException e) {
            throw new IOException(
                    "it is truncated within the %d bytes of %s"
                            .formatted(count, Tag.describe(element)),
                    e);
        }
        position += count;
    }

    private void requireLeft(long count, int element) throws IOException {
        if (count > size - position) {
            throw truncated(count, size - position, element);
        }
    }

    private static IOException truncated(long expected, long left, int element) {
        return new IOException(
                "it is truncated or damaged: %s needs %d bytes, and %d are left"
                        .formatted(Tag.describe(element), expected, left));
    }

    int uint16(int element) throws IOException {
        byte[] bytes = read(2, element);
        int first = bytes[0] & 0xFF;
        int second = bytes[1] & 0xFF;
        return bigEndian ? first << 8 | second : second << 8 | first;
    }

    long uint32(int element) throws IOException {
        long first = uint16(element);
        long second = uint16(element);
        return bigEndian ? first << 16 | second : second << 16 | first;
    }
}
