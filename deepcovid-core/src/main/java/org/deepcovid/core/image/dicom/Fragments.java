package org.deepcovid.core.image.dicom;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** Encapsulated pixel data: an offset table, then the fragments of the frame (PS3.5, A.4). */
final class Fragments {

    private static final int PIXEL_DATA = Tag.PIXEL_DATA.code();

    private Fragments() {}

    /** The only frame. */
    static byte[] joined(DicomInput in) throws IOException {
        long table = itemLength(in, "an offset table");
        if (table != 0 && table != 4) {
            throw new IOException(
                    "its offset table has %d bytes; expected 0 or 4, for a single frame"
                            .formatted(table));
        }
        byte[] offset = in.read(table, PIXEL_DATA);
        if (!Arrays.equals(offset, new byte[offset.length])) {
            throw new IOException("its offset table does not begin with 0");
        }
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        for (long length = itemLength(in, "a fragment");
                length >= 0;
                length = itemLength(in, "a fragment or the end of the sequence")) {
            frame.write(in.read(length, PIXEL_DATA));
        }
        return frame.toByteArray();
    }

    /** -1 for the end of the sequence. */
    private static long itemLength(DicomInput in, String expected) throws IOException {
        int tag = in.uint16(PIXEL_DATA) << 16 | in.uint16(PIXEL_DATA);
        long length = in.uint32(PIXEL_DATA);
        if (Tag.SEQUENCE_END.is(tag)) {
            return -1;
        }
        if (!Tag.ITEM.is(tag)) {
            throw new IOException(
                    "it is damaged: %s within the pixel data; expected %s"
                            .formatted(Tag.describe(tag), expected));
        }
        return length;
    }
}
