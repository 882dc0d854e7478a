package org.deepcovid.core.image.dicom;

import com.twelvemonkeys.io.enc.DecoderStream;
import com.twelvemonkeys.io.enc.PackBitsDecoder;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** RLE compression (PS3.5, annex G): one segment for each byte of each sample of a pixel. */
final class RunLengths {

    private static final int HEADER_BYTES = 64;

    private RunLengths() {}

    /** Samples, colours interleaved. */
    static short[] decode(byte[] frame, PixelLayout layout) throws IOException {
        int bytes = layout.bitsAllocated() / 8;
        int channels = layout.photometric().samples();
        int[] starts = segments(frame, bytes * channels);
        short[] planes = new short[layout.pixels() * channels];
        byte[] plane = new byte[layout.pixels()];
        for (int s = 0; s < bytes * channels; s++) { // the most significant byte first
            unpack(frame, starts[s], starts[s + 1], plane, s + 1);
            int at = s / bytes * plane.length;
            for (byte b : plane) {
                planes[at] = (short) ((planes[at] << 8) | (b & 0xFF));
                at++;
            }
        }
        return channels == 1 ? planes : layout.interleaved(planes);
    }

    /** Offsets of the segments, and the end of the last. */
    private static int[] segments(byte[] frame, int expected) throws IOException {
        if (frame.length < HEADER_BYTES) {
            throw new IOException(
                    "its RLE data have %d bytes; expected a header of %d"
                            .formatted(frame.length, HEADER_BYTES));
        }
        ByteBuffer header = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
        if (header.getInt(0) != expected) {
            throw new IOException(
                    "its RLE data have %d segments; expected %d"
                            .formatted(header.getInt(0), expected));
        }
        int[] starts = new int[expected + 1];
        for (int s = 0; s < expected; s++) {
            starts[s] = header.getInt(4 * (s + 1));
        }
        starts[expected] = frame.length;
        for (int s = 0; s < expected; s++) {
            if (starts[s] < HEADER_BYTES || starts[s] > starts[s + 1]) {
                throw new IOException(
                        "its RLE segment %d begins at byte %d and ends at %d of %d; expected increasing offsets"
                                .formatted(s + 1, starts[s], starts[s + 1], frame.length));
            }
        }
        return starts;
    }

    private static void unpack(byte[] frame, int start, int end, byte[] plane, int segment)
            throws IOException {
        InputStream coded = new ByteArrayInputStream(frame, start, end - start);
        int count = 0;
        int surplus = 0;
        try (InputStream in = new DecoderStream(coded, new PackBitsDecoder())) {
            count = in.readNBytes(plane, 0, plane.length);
            surplus = in.readNBytes(2).length;
        } catch (EOFException e) { // within a run, which padding may seem to begin
            surplus = 0;
        }
        if (count < plane.length || surplus > 1) {
            throw new IOException(
                    "its RLE segment %d is %s; expected %d pixels"
                            .formatted(
                                    segment, surplus > 1 ? "too long" : "truncated", plane.length));
        }
    }
}
