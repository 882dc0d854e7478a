package org.deepcovid.core.inference;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * An ONNX model under construction. Field numbers are those of onnx.proto3; operators are those of
 * operator set 13, supported by runtimes since 2020.
 */
final class OnnxGraph {

    /** Name of the batch dimension. */
    static final String BATCH = "N";

    private static final int IR_VERSION = 7;
    private static final int OPERATOR_SET = 13;
    private static final int FLOAT = 1;
    private static final int INT64 = 7;

    private final ProtoMessage graph = new ProtoMessage();

    /** Attributes of an operator. */
    static final class Attributes {

        private static final int TYPE_FLOAT = 1;
        private static final int TYPE_INT = 2;
        private static final int TYPE_INTS = 7;

        private final ProtoMessage node = new ProtoMessage();

        Attributes number(String name, long value) {
            node.message(5, new ProtoMessage().text(1, name).number(3, value).number(20, TYPE_INT));
            return this;
        }

        Attributes real(String name, float value) {
            node.message(
                    5, new ProtoMessage().text(1, name).fixed(2, value).number(20, TYPE_FLOAT));
            return this;
        }

        Attributes numbers(String name, long... values) {
            ProtoMessage attribute = new ProtoMessage().text(1, name);
            for (long value : values) {
                attribute.number(8, value);
            }
            node.message(5, attribute.number(20, TYPE_INTS));
            return this;
        }
    }

    void operator(String type, List<String> inputs, String output, Attributes attributes) {
        ProtoMessage node = attributes.node;
        inputs.forEach(input -> node.text(1, input));
        node.text(2, output).text(3, output).text(4, type);
        graph.message(1, node);
    }

    void operator(String type, List<String> inputs, String output) {
        operator(type, inputs, output, new Attributes());
    }

    /** Adds a constant; the supplier is called when the model is written. Returns its name. */
    String constant(String name, List<Integer> shape, Supplier<float[]> values) {
        ProtoMessage tensor = new ProtoMessage();
        long count = 1;
        for (int extent : shape) {
            tensor.number(1, extent);
            count = Math.multiplyExact(count, extent);
        }
        graph.message(5, tensor.number(2, FLOAT).text(8, name).floats(9, count, values));
        return name;
    }

    /** Adds a constant vector of whole numbers. */
    String wholeNumbers(String name, long... values) {
        ProtoMessage tensor = new ProtoMessage().number(1, values.length).number(2, INT64);
        for (long value : values) {
            tensor.number(7, value);
        }
        graph.message(5, tensor.text(8, name));
        return name;
    }

    /** Adds a constant scalar. */
    String wholeNumber(String name, long value) {
        graph.message(5, new ProtoMessage().number(2, INT64).number(7, value).text(8, name));
        return name;
    }

    void input(String name, ActivationShape shape) {
        graph.message(11, valueInfo(name, shape.extents()));
    }

    /** Declares an output of shape [N, extents...]. */
    void output(String name, List<Integer> extents) {
        graph.message(12, valueInfo(name, extents));
    }

    private static ProtoMessage valueInfo(String name, List<Integer> extents) {
        ProtoMessage shape = new ProtoMessage().message(1, new ProtoMessage().text(2, BATCH));
        extents.forEach(extent -> shape.message(1, new ProtoMessage().number(1, extent)));
        ProtoMessage tensor = new ProtoMessage().number(1, FLOAT).message(2, shape);
        return new ProtoMessage().text(1, name).message(2, new ProtoMessage().message(1, tensor));
    }

    /**
     * Writes the model.
     *
     * @param name of the graph
     * @param documentation free text, may be empty
     * @param metadata free text by key
     * @throws IllegalArgumentException if it would take 2 GiB or more
     */
    byte[] model(String name, String documentation, Map<String, String> metadata) {
        graph.text(2, name);
        ProtoMessage model =
                new ProtoMessage()
                        .number(1, IR_VERSION)
                        .text(2, "deepcovid")
                        .text(6, documentation)
                        .message(8, new ProtoMessage().text(1, "").number(2, OPERATOR_SET))
                        .message(7, graph);
        metadata.forEach(
                (key, value) -> model.message(14, new ProtoMessage().text(1, key).text(2, value)));
        long size = model.size();
        if (size > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "the ONNX model would take %d bytes; the format is limited to 2 GiB"
                            .formatted(size));
        }
        byte[] bytes = new byte[(int) size];
        model.writeTo(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        return bytes;
    }
}
