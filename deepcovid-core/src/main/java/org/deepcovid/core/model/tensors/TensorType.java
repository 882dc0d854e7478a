package org.deepcovid.core.model.tensors;

import java.nio.ByteBuffer;

/** Element types of the safetensors format. All values are little-endian. */
public enum TensorType {
    /** IEEE 754 binary64. */
    F64(8),
    /** IEEE 754 binary32. */
    F32(4),
    /** IEEE 754 binary16. */
    F16(2),
    /** The upper half of a binary32. */
    BF16(2),
    /** Signed 64-bit integer. */
    I64(8),
    /** Signed 32-bit integer. */
    I32(4),
    /** Signed 16-bit integer. */
    I16(2),
    /** Signed 8-bit integer. */
    I8(1),
    /** Unsigned 64-bit integer. */
    U64(8),
    /** Unsigned 32-bit integer. */
    U32(4),
    /** Unsigned 16-bit integer. */
    U16(2),
    /** Unsigned 8-bit integer. */
    U8(1),
    /** One byte, 0 or 1. */
    BOOL(1);

    private final int bytes;

    TensorType(int bytes) {
        this.bytes = bytes;
    }

    /**
     * Size of one element.
     *
     * @return bytes, 1 to 8
     */
    public int bytes() {
        return bytes;
    }

    /**
     * Whether every value is exactly a float32, so that the reader hands it out.
     *
     * @return true for F32, F16 and BF16
     */
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
        double units = Math.rint(Math.scalb(magnitude, 10 - exponent)); // up to 2048 = next power
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
