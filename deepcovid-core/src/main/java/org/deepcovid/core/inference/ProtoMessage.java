package org.deepcovid.core.inference;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A protocol-buffer message to be written: fields by number, in the order of the calls. Only the
 * wire types that ONNX models need; large tensors are written straight into the file's buffer,
 * which generated message classes would copy twice.
 *
 * <p>Encoding: developers.google.com/protocol-buffers/docs/encoding.
 */
final class ProtoMessage {

    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED_32 = 5;

    private record Field(long size, Consumer<ByteBuffer> writer) {}

    private final List<Field> fields = new ArrayList<>();

    ProtoMessage number(int field, long value) {
        varint(tag(field, VARINT));
        varint(value);
        return this;
    }

    ProtoMessage fixed(int field, float value) {
        varint(tag(field, FIXED_32));
        fields.add(new Field(Float.BYTES, out -> out.putFloat(value)));
        return this;
    }

    ProtoMessage text(int field, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        varint(tag(field, LENGTH_DELIMITED));
        varint(bytes.length);
        fields.add(new Field(bytes.length, out -> out.put(bytes)));
        return this;
    }

    /** Adds a message, which must not change afterwards. */
    ProtoMessage message(int field, ProtoMessage value) {
        varint(tag(field, LENGTH_DELIMITED));
        varint(value.size());
        fields.addAll(value.fields);
        return this;
    }

    /** Adds floats as raw little-endian bytes; the supplier is called while writing. */
    ProtoMessage floats(int field, long count, Supplier<float[]> values) {
        long size = count * Float.BYTES;
        varint(tag(field, LENGTH_DELIMITED));
        varint(size);
        fields.add(
                new Field(
                        size,
                        out -> {
                            out.asFloatBuffer().put(values.get());
                            out.position(out.position() + Math.toIntExact(size));
                        }));
        return this;
    }

    private static long tag(int field, int wireType) {
        return ((long) field << 3) | wireType;
    }

    private void varint(long value) {
        long size = Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
        fields.add(new Field(size, out -> putVarint(out, value)));
    }

    private static void putVarint(ByteBuffer out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.put((byte) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    long size() {
        return fields.stream().mapToLong(Field::size).sum();
    }

    /** Writes the fields to a little-endian buffer. */
    void writeTo(ByteBuffer out) {
        fields.forEach(field -> field.writer().accept(out));
    }
}
