package org.deepcovid.core.model.tensors;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Writes float32 arrays as safetensors. Tensors and metadata are ordered by name, so that equal
 * contents give equal bytes.
 */
public final class SafetensorsWriter {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ALIGNMENT = 8;
    private static final int CHUNK = 1 << 14;

    private SafetensorsWriter() {}

    /** Writes all tensors as F32; see {@link #write(OutputStream, Map, Map, TensorHeader.Type)}. */
    public static void write(
            OutputStream out, Map<String, INDArray> tensors, Map<String, String> metadata)
            throws IOException {
        write(out, tensors, metadata, TensorHeader.Type.F32);
    }

    /**
     * Writes all tensors with elements of a given type. The stream is flushed and stays open, so
     * that it can be an entry of a zip.
     *
     * @param tensors float32 arrays by name, of any rank and memory order
     * @param metadata free text by key
     * @param type F32, or F16 to round each element to the nearest value, ties to even
     * @throws IllegalArgumentException if the type is another, an array is not float32, or a tensor
     *     is named {@code __metadata__}; nothing is written then
     */
    public static void write(
            OutputStream out,
            Map<String, INDArray> tensors,
            Map<String, String> metadata,
            TensorHeader.Type type)
            throws IOException {
        if (type != TensorHeader.Type.F32 && type != TensorHeader.Type.F16) {
            throw new IllegalArgumentException("type is %s; expected F32 or F16".formatted(type));
        }
        TreeMap<String, INDArray> sorted = new TreeMap<>(tensors);
        sorted.forEach(SafetensorsWriter::requireWritable);
        byte[] header = header(sorted, new TreeMap<>(metadata), type);
        byte[] length = new byte[Long.BYTES];
        ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length);
        out.write(length);
        out.write(header);
        for (INDArray tensor : sorted.values()) {
            writeValues(out, tensor, type);
        }
        out.flush();
    }

    private static void requireWritable(String name, INDArray tensor) {
        if (name.equals(SafetensorsHeader.METADATA) || tensor.dataType() != DataType.FLOAT) {
            throw new IllegalArgumentException(
                    "tensor '%s' is %s; expected float32 and a name other than %s"
                            .formatted(name, tensor.dataType(), SafetensorsHeader.METADATA));
        }
    }

    /** The JSON header, padded with spaces so that the values start at a multiple of 8. */
    private static byte[] header(
            Map<String, INDArray> tensors, Map<String, String> text, TensorHeader.Type type)
            throws IOException {
        ObjectNode root = JSON.createObjectNode();
        if (!text.isEmpty()) {
            ObjectNode node = root.putObject(SafetensorsHeader.METADATA);
            text.forEach(node::put);
        }
        long begin = 0;
        for (Map.Entry<String, INDArray> entry : tensors.entrySet()) {
            long end = begin + entry.getValue().length() * type.bytes();
            ObjectNode node = root.putObject(entry.getKey());
            node.put("dtype", type.name());
            node.set("shape", JSON.valueToTree(entry.getValue().shape()));
            node.putArray("data_offsets").add(begin).add(end);
            begin = end;
        }
        byte[] json = JSON.writeValueAsBytes(root);
        int padded = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        byte[] header = Arrays.copyOf(json, padded);
        Arrays.fill(header, json.length, padded, (byte) ' ');
        return header;
    }

    private static void writeValues(OutputStream out, INDArray tensor, TensorHeader.Type type)
            throws IOException {
        float[] values = tensor.dup('c').data().asFloat();
        for (int done = 0; done < values.length; ) {
            int count = Math.min(values.length - done, CHUNK);
            ByteBuffer chunk =
                    ByteBuffer.allocate(count * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < count; i++) {
                type.put(chunk, values[done + i]);
            }
            out.write(chunk.array());
            done += count;
        }
    }
}
