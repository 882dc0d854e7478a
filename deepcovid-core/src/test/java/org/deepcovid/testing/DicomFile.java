package org.deepcovid.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Writes small DICOM files (PS3.10). Elements can be set and removed by their number. */
public final class DicomFile {

    public static final String IMPLICIT = "1.2.840.10008.1.2";
    public static final String EXPLICIT = "1.2.840.10008.1.2.1";
    public static final String DEFLATED = "1.2.840.10008.1.2.1.99";
    public static final String BIG_ENDIAN = "1.2.840.10008.1.2.2";
    public static final String RLE = "1.2.840.10008.1.2.5";

    private static final int PIXEL_DATA = 0x7FE00010;
    private static final int UNDEFINED = -1;

    /** Encoded when the byte order is known. */
    private interface Value {
        byte[] encode();
    }

    private record Element(String vr, int length, Value value) {}

    private final Map<Integer, Element> elements = new TreeMap<>(Integer::compareUnsigned);
    private String syntax = EXPLICIT;
    private boolean bigEndian;

    /** An 8-bit MONOCHROME2 radiograph of modality DX and view PA. */
    public static DicomFile of(int width, int height, byte[] pixels) {
        return new DicomFile()
                .text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.1.1")
                .text(0x00080060, "CS", "DX")
                .text(0x00185101, "CS", "PA")
                .text(0x00280004, "CS", "MONOCHROME2")
                .numbers(0x00280002, "US", 1)
                .numbers(0x00280010, "US", height)
                .numbers(0x00280011, "US", width)
                .numbers(0x00280103, "US", 0)
                .bits(8)
                .bytes(PIXEL_DATA, "OB", pixels);
    }

    /** A radiograph of 16 bits allocated. */
    public static DicomFile of(int width, int height, int bitsStored, int... pixels) {
        return of(width, height, new byte[0]).bits(bitsStored).numbers(PIXEL_DATA, "OW", pixels);
    }

    private DicomFile bits(int stored) {
        return numbers(0x00280100, "US", stored > 8 ? 16 : 8)
                .numbers(0x00280101, "US", stored)
                .numbers(0x00280102, "US", stored - 1);
    }

    public DicomFile syntax(String uid) {
        syntax = uid;
        bigEndian = uid.equals(BIG_ENDIAN);
        return this;
    }

    public DicomFile text(int tag, String vr, String value) {
        String even = value.length() % 2 == 0 ? value : value + (vr.equals("UI") ? "\0" : " ");
        return bytes(tag, vr, even.getBytes(ISO_8859_1));
    }

    public DicomFile numbers(int tag, String vr, int... values) {
        elements.put(tag, new Element(vr, 2 * values.length, () -> words(values)));
        return this;
    }

    public DicomFile bytes(int tag, String vr, byte[] value) {
        byte[] even = java.util.Arrays.copyOf(value, value.length + value.length % 2);
        elements.put(tag, new Element(vr, even.length, () -> even));
        return this;
    }

    public DicomFile without(int tag) {
        elements.remove(tag);
        return this;
    }

    /** A sequence with one item, of which only the elements count. */
    public DicomFile sequence(int tag, DicomFile item) {
        int length = item.encode(this).length;
        elements.put(
                tag, new Element("SQ", 8 + length, () -> joined(item(length), item.encode(this))));
        return this;
    }

    /** A sequence with one item, both without lengths but with delimiters. */
    public DicomFile delimitedSequence(int tag, String vr, DicomFile item) {
        elements.put(
                tag,
                new Element(
                        vr,
                        UNDEFINED,
                        () ->
                                joined(
                                        item(UNDEFINED),
                                        item.encode(vr.equals("UN") ? implicit() : this),
                                        delimiter(0xE00D),
                                        delimiter(0xE0DD))));
        return this;
    }

    private static DicomFile implicit() {
        return empty().syntax(IMPLICIT);
    }

    /** A file without any element. */
    public static DicomFile empty() {
        return new DicomFile();
    }

    /** Compressed pixel data in fragments, after an empty offset table. */
    public DicomFile fragments(String uid, byte[]... fragments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(item(0));
        for (byte[] fragment : fragments) {
            out.writeBytes(item(fragment.length));
            out.writeBytes(fragment);
        }
        out.writeBytes(delimiter(0xE0DD));
        elements.put(PIXEL_DATA, new Element("OB", UNDEFINED, out::toByteArray));
        return syntax(uid);
    }

    /** The file, with preamble and meta header. */
    public byte[] toBytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[128]);
        out.writeBytes("DICM".getBytes(ISO_8859_1));
        out.writeBytes(empty().text(0x00020010, "UI", syntax).dataSet());
        out.writeBytes(syntax.equals(DEFLATED) ? deflated(dataSet()) : dataSet());
        return out.toByteArray();
    }

    public Path write(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            return Files.write(file, toBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The elements only. */
    public byte[] dataSet() {
        return encode(this);
    }

    private byte[] encode(DicomFile encoding) {
        boolean order = bigEndian;
        bigEndian = encoding.bigEndian;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        elements.forEach(
                (tag, element) -> {
                    out.writeBytes(words(tag >>> 16, tag & 0xFFFF));
                    boolean explicit = !encoding.syntax.equals(IMPLICIT);
                    if (explicit) {
                        out.writeBytes(element.vr.getBytes(ISO_8859_1));
                    }
                    boolean isShort = explicit && !"OB OW SQ UN UT".contains(element.vr);
                    if (explicit && !isShort) {
                        out.writeBytes(new byte[2]);
                    }
                    out.writeBytes(isShort ? words(element.length) : dword(element.length));
                    out.writeBytes(element.value.encode());
                });
        bigEndian = order;
        return out.toByteArray();
    }

    private byte[] item(int length) {
        return joined(words(0xFFFE, 0xE000), dword(length));
    }

    private byte[] delimiter(int element) {
        return joined(words(0xFFFE, element), dword(0));
    }

    private byte[] words(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(2 * values.length).order(order());
        for (int value : values) {
            buffer.putShort((short) value);
        }
        return buffer.array();
    }

    private byte[] dword(int value) {
        ByteBuffer buffer = ByteBuffer.allocate(4).order(order());
        buffer.putInt(value);
        return buffer.array();
    }

    private ByteOrder order() {
        return bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** Raw deflate, without a zlib header. */
    public static byte[] deflated(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (var deflater = new DeflaterOutputStream(out, new Deflater(9, true))) {
            deflater.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
