package org.deepcovid.core.model.tensors;

import static java.util.Objects.requireNonNull;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Reads a safetensors file sequentially. Opening checks the header: its length against the file's,
 * unique names, known element types, and values that fill the rest of the file without gap or
 * overlap. So names and shapes can be checked before any value is read, and no tensor is larger
 * than the file.
 *
 * <p>The values can be read once. Not safe for use by several threads.
 */
public final class SafetensorsReader implements AutoCloseable {

    /** Maximum size of a header in bytes; a network with 700 tensors has one of 80 thousand. */
    public static final int MAX_HEADER = 4 << 20;

    private static final int LENGTH_FIELD = 8;
    private static final int CHUNK = 1 << 16;

    private final String name;
    private final InputStream in;
    private final SafetensorsHeader header;
    private boolean valuesRead;

    private SafetensorsReader(String name, InputStream in, long length) throws IOException {
        this.name = name;
        this.in = in;
        this.header = readHeader(length);
    }

    /**
     * Opens a file and reads its header.
     *
     * @throws IOException if the file cannot be read or its header is invalid; the message names
     *     the file
     */
    public static SafetensorsReader open(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        try {
            return new SafetensorsReader(file.toString(), in, Files.size(file));
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /**
     * Reads the header of a stream, such as an entry of a zip. {@link #close} closes the stream.
     *
     * @param name of the source, for messages
     * @param length number of bytes, as declared by the container; if that is not trusted, compare
     *     {@link #tensors} with the expected ones before reading values, as it bounds allocations
     * @throws IOException as for {@link #open}
     */
    public static SafetensorsReader of(String name, InputStream in, long length)
            throws IOException {
        return new SafetensorsReader(
                requireNonNull(name, "name is null"), requireNonNull(in, "in is null"), length);
    }

    private SafetensorsHeader readHeader(long length) throws IOException {
        long max = Math.min(MAX_HEADER, length - LENGTH_FIELD);
        long size = max < 2 ? -1 : buffer(exactly(LENGTH_FIELD)).getLong();
        if (size < 2 || size > max) {
            throw new IOException(
                    ("%s: not a safetensors file: its first 8 bytes give a header of %s bytes;"
                                    + " expected 2 to %d (the file has %d bytes)")
                            .formatted(
                                    name,
                                    max < 2 ? "unknown" : Long.toUnsignedString(size),
                                    Math.max(max, 2),
                                    length));
        }
        return new SafetensorsHeader(name, exactly((int) size), length - LENGTH_FIELD - size);
    }

    /** All tensors in the order of their values in the file. */
    public List<TensorHeader> tensors() {
        return header.tensors();
    }

    /** Free text of the header, by key. */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /**
     * Reads the values of some tensors in the file's order. Float16 and bfloat16 values are widened
     * exactly.
     *
     * @param filter selects the tensors to read; the others are skipped
     * @param sink receives each tensor with its values, outermost extent slowest
     * @throws IOException if a selected tensor is not F32, F16 or BF16 or has more than 2^31 - 9
     *     values, or the bytes end early
     * @throws IllegalStateException if the values were read before
     */
    public void forEach(Predicate<TensorHeader> filter, BiConsumer<TensorHeader, float[]> sink)
            throws IOException {
        if (valuesRead) {
            throw new IllegalStateException(
                    name + ": the values were read before; open another reader");
        }
        valuesRead = true;
        for (TensorHeader tensor : header.tensors()) {
            if (filter.test(tensor)) {
                sink.accept(tensor, floats(tensor));
            } else {
                skip(tensor);
            }
        }
    }

    /** Reads every tensor as a float32 array in row-major order, by name in the file's order. */
    public Map<String, INDArray> readAll() throws IOException {
        DeepCovidRuntime.initialise();
        Map<String, INDArray> arrays = new LinkedHashMap<>();
        forEach(
                tensor -> true,
                (tensor, values) ->
                        arrays.put(
                                tensor.name(),
                                Nd4j.create(
                                        values,
                                        tensor.shape().stream()
                                                .mapToLong(Long::longValue)
                                                .toArray(),
                                        'c')));
        return arrays;
    }

    private float[] floats(TensorHeader tensor) throws IOException {
        if (!tensor.type().readableAsFloat() || tensor.elements() > Integer.MAX_VALUE - 8) {
            throw new IOException(
                    "%s: tensor '%s' is %s %s; expected F32, F16 or BF16 and fewer than 2^31 values"
                            .formatted(name, tensor.name(), tensor.type(), tensor.shape()));
        }
        float[] values = new float[(int) tensor.elements()];
        int size = tensor.type().bytes();
        for (int done = 0; done < values.length; ) {
            int count = Math.min(values.length - done, CHUNK / size);
            ByteBuffer bytes = buffer(exactly(count * size));
            for (int i = 0; i < count; i++) {
                values[done++] = tensor.type().next(bytes);
            }
        }
        return values;
    }

    private void skip(TensorHeader tensor) throws IOException {
        try {
            in.skipNBytes(tensor.bytes());
        } catch (EOFException e) {
            throw cutShort(e);
        }
    }

    private byte[] exactly(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw cutShort(null);
        }
        return bytes;
    }

    private IOException cutShort(EOFException cause) {
        return new IOException(name + ": the bytes end early; fetch the file again", cause);
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
