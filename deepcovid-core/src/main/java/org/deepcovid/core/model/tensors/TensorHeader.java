package org.deepcovid.core.model.tensors;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Name, type and shape of one tensor of a safetensors file.
 *
 * @param name unique in the file
 * @param type element type
 * @param shape extents, outermost first, none negative; empty for a scalar
 */
public record TensorHeader(String name, Type type, List<Long> shape) {

    /** Element types of the safetensors format. All values are little-endian. */
    public enum Type {
        F64(8),
        F32(4),
        F16(2),
        /** The upper half of a binary32. */
        BF16(2),
        I64(8),
        I32(4),
        I16(2),
        I8(1),
        U64(8),
        U32(4),
        U16(2),
        U8(1),
        /** One byte, 0 or 1. */
        BOOL(1);

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        /** Size of one element, 1 to 8. */
        public int bytes() {
            return bytes;
        }

        /** Whether every value is exactly a float32, so that the reader accepts it. */
        public boolean readableAsFloat() {
            return this == F32 || this == F16 || this == BF16;
        }

        float next(ByteBuffer littleEndian) {
            return switch (this) {
                case F32 -> littleEndian.getFloat();
                case F16 -> fromHalf(littleEndian.getShort());
                case BF16 -> Float.intBitsToFloat(littleEndian.getShort() << 16);
                case F64, I64, I32, I16, I8, U64, U32, U16, U8, BOOL ->
                        throw new IllegalStateException(this + " is not read as float");
            };
        }

        /** Writes the nearest value of this type, ties to even. */
        void put(ByteBuffer littleEndian, float value) {
            switch (this) {
                case F32 -> littleEndian.putFloat(value);
                case F16 -> littleEndian.putShort(toHalf(value));
                case BF16, F64, I64, I32, I16, I8, U64, U32, U16, U8, BOOL ->
                        throw new IllegalStateException(this + " is not written");
            }
        }

        /** Rounds to binary16: the fraction is scaled to whole units of the last place. */
        private static short toHalf(float value) {
            int sign = Float.floatToRawIntBits(value) < 0 ? 0x8000 : 0;
            double magnitude = Math.abs((double) value);
            if (Double.isNaN(magnitude)) {
                return (short) (sign | 0x7e00);
            }
            int exponent = Math.max(Math.getExponent(magnitude), -14); // subnormal below
            double units =
                    Math.rint(Math.scalb(magnitude, 10 - exponent)); // up to 2048 = next power
            if (exponent > 15 || (exponent == 15 && units >= 2048)) {
                return (short) (sign | 0x7c00); // infinity
            }
            return (short) (sign | ((exponent + 14) * 1024 + (int) units));
        }

        /** Widens a binary16: sign, 5 exponent bits biased by 15, 10 fraction bits. */
        private static float fromHalf(short half) {
            int exponent = (half >> 10) & 0x1f;
            int fraction = half & 0x3ff;
            float magnitude =
                    switch (exponent) {
                        case 0 -> Math.scalb((float) fraction, -24);
                        case 0x1f -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
                        default -> Math.scalb((float) (fraction | 0x400), exponent - 25);
                    };
            return half < 0 ? -magnitude : magnitude;
        }
    }

    public TensorHeader {
        requireNonNull(name, "name is null");
        requireNonNull(type, "type is null");
        shape = List.copyOf(shape);
        bytesOf(name, type, shape);
    }

    /** Number of elements, the product of the extents: 1 for a scalar. */
    public long elements() {
        return bytes() / type.bytes();
    }

    /** Size of the values in the file. */
    public long bytes() {
        return bytesOf(name, type, shape);
    }

    private static long bytesOf(String name, Type type, List<Long> shape) {
        long bytes = type.bytes();
        try {
            for (long extent : shape) {
                if (extent < 0) {
                    throw new IllegalArgumentException(
                            "tensor '%s' has shape %s; expected no negative extent"
                                    .formatted(name, shape));
                }
                bytes = Math.multiplyExact(bytes, extent);
            }
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "tensor '%s' has shape %s, larger than any file".formatted(name, shape), e);
        }
        return bytes;
    }
}
