package org.deepcovid.core.image.dicom;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a file up to its pixel data: preamble, meta header and data set (PS3.10, 7; PS3.5, 7).
 * Files without preamble or meta header are read as well.
 */
final class DicomParser {

    private static final int PREAMBLE_BYTES = 128;
    private static final long UNDEFINED = 0xFFFFFFFFL;
    private static final int MAX_DEPTH = 32;

    /** Longest value kept; the longest that are needed are tables of 65,536 entries of 16 bits. */
    private static final int MAX_VALUE_BYTES = 1 << 18;

    private static final Set<String> SHORT_FORM =
            Set.of(
                    "AE", "AS", "AT", "CS", "DA", "DS", "DT", "FL", "FD", "IS", "LO", "LT", "PN",
                    "SH", "SL", "SS", "ST", "TM", "UI", "UL", "US");
    private static final Set<String> LONG_FORM =
            Set.of("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV");

    private static final Set<Tag> SEQUENCES =
            EnumSet.of(Tag.MODALITY_LUT_SEQUENCE, Tag.VOI_LUT_SEQUENCE, Tag.VIEW_CODE_SEQUENCE);

    /** Start of an element; no value representation in implicit encoding. */
    record Head(int tag, String vr, long length) {
        boolean isUndefined() {
            return length == UNDEFINED;
        }
    }

    /**
     * A file read up to its pixel data.
     *
     * @param pixels start of the pixel data, if there are any
     * @param in positioned at the value of the pixel data
     */
    record Header(
            TransferSyntax syntax,
            DataSet data,
            Optional<Head> pixels,
            DicomInput in,
            DicomParser parser) {}

    private DicomInput in;
    private boolean explicit;

    private DicomParser(DicomInput in) {
        this.in = in;
    }

    /**
     * Whether these are the first bytes of a DICOM file: with preamble, or beginning with an
     * element of the meta header or of group 0008.
     */
    static boolean recognises(byte[] start) {
        if (hasPreamble(start)) {
            return true;
        }
        if (start.length < 8 || start[1] != 0 || start[3] != 0) {
            return false;
        }
        boolean meta = start[0] == 2 && start[2] == 0;
        boolean identifying = start[0] == 8 && (start[2] & 0xFF) <= 0x18;
        String vr = latin1(Arrays.copyOfRange(start, 4, 6));
        return (meta && vr.equals("UL"))
                || (identifying && (SHORT_FORM.contains(vr) || isShortLength(start)));
    }

    private static boolean isShortLength(byte[] start) {
        return start[4] % 2 == 0 && start[5] == 0 && start[6] == 0 && start[7] == 0;
    }

    private static boolean hasPreamble(byte[] start) {
        return start.length >= PREAMBLE_BYTES + 4
                && latin1(Arrays.copyOfRange(start, PREAMBLE_BYTES, PREAMBLE_BYTES + 4))
                        .equals("DICM");
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static Header parse(DicomInput in) throws IOException {
        return new DicomParser(in).parse();
    }

    private Header parse() throws IOException {
        if (hasPreamble(in.peek(PREAMBLE_BYTES + 4))) {
            in.skip(PREAMBLE_BYTES + 4, 0);
        }
        DataSet data = new DataSet();
        TransferSyntax syntax = readMeta(data);
        explicit = syntax.explicit();
        if (syntax.deflated()) {
            in = in.inflated();
        }
        in.setBigEndian(syntax.bigEndian());
        data.setBigEndian(syntax.bigEndian());
        while (in.peek(1).length > 0) {
            Head head = readHead();
            if (Tag.PIXEL_DATA.is(head.tag)) {
                return new Header(syntax, data, Optional.of(head), in, this);
            }
            readValue(head, data, Long.MAX_VALUE, 0);
        }
        return new Header(syntax, data, Optional.empty(), in, this);
    }

    /** To the end; damage of deflated data shows here, since they have no checksum. */
    void skipElements() throws IOException {
        while (in.peek(1).length > 0) {
            readValue(readHead(), new DataSet(), Long.MAX_VALUE, 0);
        }
    }

    /** The meta header is always explicit and little endian; its declared length is not needed. */
    private TransferSyntax readMeta(DataSet data) throws IOException {
        explicit = true;
        byte[] next = in.peek(6);
        while (next.length > 1 && next[0] == 2 && next[1] == 0) {
            readValue(readHead(), data, Long.MAX_VALUE, 0);
            next = in.peek(6);
        }
        String uid = data.text(Tag.TRANSFER_SYNTAX_UID);
        if (!uid.isEmpty()) {
            return TransferSyntax.of(uid);
        }
        boolean hasVr = next.length == 6 && isVr(latin1(Arrays.copyOfRange(next, 4, 6)));
        return hasVr ? TransferSyntax.EXPLICIT : TransferSyntax.IMPLICIT;
    }

    private static boolean isVr(String vr) {
        return SHORT_FORM.contains(vr) || LONG_FORM.contains(vr);
    }

    private Head readHead() throws IOException {
        long start = in.position();
        int group = in.uint16(0);
        int tag = group << 16 | in.uint16(0);
        if (!explicit || group == 0xFFFE) {
            return new Head(tag, "", in.uint32(tag));
        }
        String vr = latin1(in.read(2, tag));
        if (SHORT_FORM.contains(vr)) {
            return new Head(tag, vr, in.uint16(tag));
        }
        if (!LONG_FORM.contains(vr)) {
            throw new IOException(
                    "it is damaged: no value representation (VR) in %s at byte %d"
                            .formatted(Tag.describe(tag), start));
        }
        in.skip(2, tag);
        return new Head(tag, vr, in.uint32(tag));
    }

    /** Keeps the value of a known element and skips any other. */
    private void readValue(Head head, DataSet data, long end, int depth) throws IOException {
        if (!head.isUndefined() && head.length > end - in.position()) {
            throw new IOException(
                    "it is damaged: %s has a length of %d bytes, and its item ends after %d"
                            .formatted(Tag.describe(head.tag), head.length, end - in.position()));
        }
        Optional<Tag> tag = Tag.of(head.tag);
        boolean icon = Tag.PIXEL_DATA.is(head.tag); // of another image, within a sequence
        if (icon && head.isUndefined()) {
            skipFragments(head);
        } else if (head.isUndefined() || (tag.isPresent() && SEQUENCES.contains(tag.get()))) {
            readSequence(head, data, end, depth);
        } else if (icon || tag.isEmpty()) {
            in.skip(head.length, head.tag);
        } else if (head.length > MAX_VALUE_BYTES) {
            throw new IOException(
                    "its %s has %d bytes; expected at most %d"
                            .formatted(tag.get(), head.length, MAX_VALUE_BYTES));
        } else {
            data.put(tag.get(), head.vr, in.read(head.length, head.tag));
        }
    }

    private void skipFragments(Head pixels) throws IOException {
        for (Head head = readHead(); !Tag.SEQUENCE_END.is(head.tag); head = readHead()) {
            if (!Tag.ITEM.is(head.tag)) {
                throw new IOException(
                        "it is damaged: %s within %s; expected an item"
                                .formatted(Tag.describe(head.tag), Tag.describe(pixels.tag)));
            }
            in.skip(head.length, head.tag);
        }
    }

    /** Items; those of an element with VR UN are implicitly encoded (PS3.5, 6.2.2). */
    private void readSequence(Head head, DataSet data, long end, int depth) throws IOException {
        boolean unknown = head.vr.equals("UN");
        if (explicit && !unknown && !head.vr.equals("SQ")) {
            throw new IOException(
                    "it is damaged: %s has VR %s; expected a sequence (SQ)"
                            .formatted(Tag.describe(head.tag), head.vr));
        }
        boolean before = explicit;
        explicit &= !unknown;
        readItems(head, data, head.isUndefined() ? end : in.position() + head.length, depth);
        explicit = before;
    }

    private void readItems(Head sequence, DataSet data, long end, int depth) throws IOException {
        if (depth == MAX_DEPTH) {
            throw new IOException(
                    "it is damaged: %s is nested more than %d levels deep"
                            .formatted(Tag.describe(sequence.tag), MAX_DEPTH));
        }
        while (sequence.isUndefined() || in.position() < end) {
            Head head = readHead();
            if (Tag.SEQUENCE_END.is(head.tag) && sequence.isUndefined()) {
                return;
            }
            long length = head.length;
            if (!Tag.ITEM.is(head.tag) || (!head.isUndefined() && length > end - in.position())) {
                throw new IOException(
                        "it is damaged: %s of %d bytes within %s; expected an item that fits"
                                .formatted(
                                        Tag.describe(head.tag),
                                        length,
                                        Tag.describe(sequence.tag)));
            }
            DataSet item = new DataSet();
            item.setBigEndian(in.isBigEndian());
            readItem(item, head.isUndefined() ? UNDEFINED : in.position() + length, end, depth);
            Tag.of(sequence.tag).ifPresent(tag -> data.putItem(tag, item));
        }
    }

    private void readItem(DataSet item, long itemEnd, long end, int depth) throws IOException {
        boolean delimited = itemEnd == UNDEFINED;
        while (delimited || in.position() < itemEnd) {
            Head head = readHead();
            if (Tag.ITEM_END.is(head.tag) && delimited) {
                return;
            }
            readValue(head, item, delimited ? end : itemEnd, depth + 1);
        }
    }
}
