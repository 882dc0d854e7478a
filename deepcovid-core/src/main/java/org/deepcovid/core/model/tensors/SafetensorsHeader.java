package org.deepcovid.core.model.tensors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The parsed JSON header of a safetensors file.
 *
 * @param tensors in the order of their values in the file
 * @param metadata free text by key
 */
record SafetensorsHeader(List<TensorHeader> tensors, Map<String, String> metadata) {

    static final String METADATA = "__metadata__";

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private record Placed(TensorHeader tensor, long begin, long end) {}

    /**
     * Parses and checks a header.
     *
     * @param file names the file in messages
     * @param json the header's bytes
     * @param dataLength bytes that follow the header
     */
    static SafetensorsHeader parse(String file, byte[] json, long dataLength) throws IOException {
        JsonNode root = tree(file, json);
        Map<String, String> metadata = new TreeMap<>();
        List<Placed> placed = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            if (field.getKey().equals(METADATA)) {
                readMetadata(file, field.getValue(), metadata);
            } else {
                placed.add(tensor(file, field.getKey(), field.getValue()));
            }
        }
        placed.sort(Comparator.comparingLong(Placed::begin).thenComparingLong(Placed::end));
        requireContiguous(file, placed, dataLength);
        return new SafetensorsHeader(placed.stream().map(Placed::tensor).toList(), metadata);
    }

    private static JsonNode tree(String file, byte[] json) throws IOException {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": the safetensors header is not UTF-8 text", e);
        }
        JsonNode root;
        try {
            root = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IOException(
                    "%s: the safetensors header is not the expected JSON: %s"
                            .formatted(file, e.getOriginalMessage()),
                    e);
        }
        if (root == null || !root.isObject()) {
            throw new IOException(file + ": the safetensors header is not a JSON object");
        }
        return root;
    }

    private static void readMetadata(String file, JsonNode node, Map<String, String> into)
            throws IOException {
        if (!node.isObject()) {
            throw new IOException(file + ": " + METADATA + " is not a JSON object of strings");
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!field.getValue().isTextual()) {
                throw new IOException(
                        "%s: %s entry '%s' is %s; expected a string"
                                .formatted(file, METADATA, field.getKey(), field.getValue()));
            }
            into.put(field.getKey(), field.getValue().textValue());
        }
    }

    private static Placed tensor(String file, String name, JsonNode node) throws IOException {
        List<Long> offsets = longs(file, name, "data_offsets", node.path("data_offsets"));
        if (offsets.size() != 2) {
            throw new IOException(
                    "%s: tensor '%s' has data_offsets %s; expected two"
                            .formatted(file, name, offsets));
        }
        TensorHeader tensor;
        try {
            tensor =
                    new TensorHeader(
                            name,
                            type(file, name, node.path("dtype")),
                            longs(file, name, "shape", node.path("shape")));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
        return new Placed(tensor, offsets.get(0), offsets.get(1));
    }

    private static TensorType type(String file, String name, JsonNode node) throws IOException {
        for (TensorType type : TensorType.values()) {
            if (type.name().equals(node.textValue())) {
                return type;
            }
        }
        throw new IOException(
                "%s: tensor '%s' has dtype %s; expected one of %s"
                        .formatted(file, name, node, List.of(TensorType.values())));
    }

    private static List<Long> longs(String file, String name, String field, JsonNode node)
            throws IOException {
        List<Long> values = new ArrayList<>();
        for (JsonNode item : node) {
            if (!item.isIntegralNumber() || !item.canConvertToLong() || item.longValue() < 0) {
                throw new IOException(
                        "%s: tensor '%s' has %s %s; expected whole numbers from 0"
                                .formatted(file, name, field, node));
            }
            values.add(item.longValue());
        }
        if (!node.isArray()) {
            throw new IOException("%s: tensor '%s' has no %s".formatted(file, name, field));
        }
        return values;
    }

    private static void requireContiguous(String file, List<Placed> placed, long dataLength)
            throws IOException {
        long position = 0;
        for (Placed each : placed) {
            TensorHeader tensor = each.tensor();
            if (each.begin() != position || each.end() - each.begin() != tensor.bytes()) {
                throw new IOException(
                        ("%s: tensor '%s' (%s %s) lies at bytes %d to %d; expected %d to %d, for"
                                        + " values follow each other without gap or overlap")
                                .formatted(
                                        file,
                                        tensor.name(),
                                        tensor.type(),
                                        tensor.shape(),
                                        each.begin(),
                                        each.end(),
                                        position,
                                        position + tensor.bytes()));
            }
            position = each.end();
        }
        if (position != dataLength) {
            throw new IOException(
                    ("%s: the header describes %d bytes of values, %d follow it; expected equal"
                                    + " numbers (was the file cut short? fetch it again)")
                            .formatted(file, position, dataLength));
        }
    }
}
