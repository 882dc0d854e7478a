package org.deepcovid.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An array read from a NumPy file (format 1.0 to 3.0): float32, float64, int32 or int64, little
 * endian, c order.
 */
public final class Npy {

    private static final Pattern HEADER =
            Pattern.compile(
                    "'descr': '(<f4|<f8|<i4|<i8)', 'fortran_order': False, 'shape':"
                            + " \\(([0-9, ]*)\\)");

    private final List<Integer> shape;
    private final float[] values;

    private Npy(List<Integer> shape, float[] values) {
        this.shape = shape;
        this.values = values;
    }

    /** Reads a file. */
    public static Npy read(Path file) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(Files.readAllBytes(file));
        buffer.order(ByteOrder.LITTLE_ENDIAN);
        boolean firstVersion = buffer.get(6) == 1;
        int start = firstVersion ? 10 : 12;
        int length = firstVersion ? buffer.getShort(8) & 0xFFFF : buffer.getInt(8);
        String header = new String(buffer.array(), start, length, StandardCharsets.ISO_8859_1);
        Matcher matcher = HEADER.matcher(header);
        if (!matcher.find()) {
            throw new IOException(file + " has the header " + header + "; expected " + HEADER);
        }
        List<Integer> shape =
                Stream.of(matcher.group(2).split(","))
                        .map(String::strip)
                        .filter(size -> !size.isEmpty())
                        .map(Integer::valueOf)
                        .toList();
        float[] values = new float[shape.stream().reduce(1, Math::multiplyExact)];
        buffer.position(start + length);
        for (int i = 0; i < values.length; i++) {
            values[i] =
                    switch (matcher.group(1)) {
                        case "<f4" -> buffer.getFloat();
                        case "<f8" -> (float) buffer.getDouble();
                        case "<i4" -> buffer.getInt();
                        default -> buffer.getLong();
                    };
        }
        return new Npy(shape, values);
    }

    /** Size of each dimension. */
    public List<Integer> shape() {
        return shape;
    }

    /** All values, last dimension fastest. */
    public float[] values() {
        return values.clone();
    }
}
