package org.deepcovid.core.image.dicom;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * Bytes in which each block of data is followed by a gap that must not be read. The JPEG 2000
 * library skips missing data in silence, and prints a stack trace where a stream ends, so that
 * reading too far throws an unchecked exception.
 */
final class GuardedStream extends ImageInputStreamImpl {

    /** Length of a gap. */
    static final int GAP = 16;

    private final byte[] bytes;
    private final TreeSet<Long> ends;
    private final TreeSet<Long> unreached;

    /**
     * A stream.
     *
     * @param ends offset of the gap after each block
     */
    GuardedStream(byte[] bytes, Set<Long> ends) {
        this.bytes = bytes;
        this.ends = new TreeSet<>(ends);
        this.unreached = new TreeSet<>(ends);
    }

    /** Whether each block was read, or skipped, exactly to its end. */
    boolean isConsumed() {
        return unreached.isEmpty();
    }

    @Override
    public int read() {
        byte[] next = new byte[1];
        read(next, 0, 1);
        return next[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        bitOffset = 0;
        Long end = ends.higher(streamPos);
        if (end != null && streamPos + length > end) {
            throw beyond(end);
        }
        moveTo(streamPos + length);
        System.arraycopy(bytes, (int) streamPos, buffer, offset, length);
        streamPos += length;
        return length;
    }

    @Override
    public void seek(long position) throws IOException {
        moveTo(position);
        super.seek(position);
    }

    private void moveTo(long position) {
        Long end = ends.lower(position);
        if (position > bytes.length || (end != null && position < end + GAP)) {
            throw beyond(end == null ? bytes.length : end);
        }
        unreached.remove(position);
    }

    private static IndexOutOfBoundsException beyond(long end) {
        return new IndexOutOfBoundsException("data end at byte " + end);
    }

    @Override
    public long length() {
        return bytes.length;
    }
}
