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

/** Parses and checks the JSON header of a safetensors file. */
final class SafetensorsHeader {

    static final String METADATA = "__metadata__";

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private record Placed(TensorHeader tensor, long begin, long end) {}

    private final String file;
    private final List<Placed> placed = new ArrayList<>();
    private final Map<String, String> metadata = new TreeMap<>();

    /** The header of a file, given its bytes and the number of bytes that follow it. */
    SafetensorsHeader(String file, byte[] json, long dataLength) throws IOException {
        this.file = file;
        for (Map.Entry<String, JsonNode> field : tree(json).properties()) {
            if (field.getKey().equals(METADATA)) {
                readMetadata(field.getValue());
            } else {
                placed.add(tensor(field.getKey(), field.getValue()));
            }
        }
        placed.sort(Comparator.comparingLong(Placed::begin).thenComparingLong(Placed::end));
        requireContiguous(dataLength);
    }

    /** In the order of their values in the file. */
    List<TensorHeader> tensors() {
        return placed.stream().map(Placed::tensor).toList();
    }

    Map<String, String> metadata() {
        return Map.copyOf(metadata);
    }

    private IOException invalid(String problem) {
        return invalid(problem, null);
    }

    private IOException invalid(String problem, Exception cause) {
        return new IOException(file + ": " + problem, cause);
    }

    private JsonNode tree(byte[] json) throws IOException {
        JsonNode root;
        try {
            root =
                    JSON.readTree(
                            StandardCharsets.UTF_8
                                    .newDecoder()
                                    .decode(ByteBuffer.wrap(json))
                                    .toString());
        } catch (CharacterCodingException e) {
            throw invalid("the safetensors header is not UTF-8 text", e);
        } catch (JsonProcessingException e) {
            throw invalid(
                    "the safetensors header is not the expected JSON: " + e.getOriginalMessage(),
                    e);
        }
        if (root == null || !root.isObject()) {
            throw invalid("the safetensors header is not a JSON object");
        }
        return root;
    }

    private void readMetadata(JsonNode node) throws IOException {
        if (!node.isObject()) {
            throw invalid(METADATA + " is not a JSON object of strings");
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!field.getValue().isTextual()) {
                throw invalid(
                        "%s entry '%s' is %s; expected a string"
                                .formatted(METADATA, field.getKey(), field.getValue()));
            }
            metadata.put(field.getKey(), field.getValue().textValue());
        }
    }

    private Placed tensor(String name, JsonNode node) throws IOException {
        List<Long> offsets = longs(name, "data_offsets", node.path("data_offsets"));
        if (offsets.size() != 2) {
            throw invalid("tensor '%s' has data_offsets %s; expected two".formatted(name, offsets));
        }
        TensorHeader.Type type = type(name, node.path("dtype"));
        List<Long> shape = longs(name, "shape", node.path("shape"));
        try {
            return new Placed(new TensorHeader(name, type, shape), offsets.get(0), offsets.get(1));
        } catch (IllegalArgumentException e) {
            throw invalid(e.getMessage(), e);
        }
    }

    private TensorHeader.Type type(String name, JsonNode node) throws IOException {
        for (TensorHeader.Type type : TensorHeader.Type.values()) {
            if (type.name().equals(node.textValue())) {
                return type;
            }
        }
        throw invalid(
                "tensor '%s' has dtype %s; expected one of %s"
                        .formatted(name, node, List.of(TensorHeader.Type.values())));
    }

    private List<Long> longs(String name, String field, JsonNode node) throws IOException {
        List<Long> values = new ArrayList<>();
        for (JsonNode item : node) {
            if (!item.isIntegralNumber() || !item.canConvertToLong() || item.longValue() < 0) {
                throw invalid(
                        "tensor '%s' has %s %s; expected whole numbers from 0"
                                .formatted(name, field, node));
            }
            values.add(item.longValue());
        }
        if (!node.isArray()) {
            throw invalid("tensor '%s' has no %s".formatted(name, field));
        }
        return values;
    }

    private void requireContiguous(long dataLength) throws IOException {
        long position = 0;
        for (Placed each : placed) {
            long bytes = each.tensor.bytes();
            if (each.begin != position || each.end - each.begin != bytes) {
                throw invalid(
                        "%s has bytes %d to %d; expected %d to %d, without gap or overlap"
                                .formatted(
                                        each.tensor,
                                        each.begin,
                                        each.end,
                                        position,
                                        position + bytes));
            }
            position = each.end;
        }
        if (position != dataLength) {
            throw invalid(
                    "the header describes %d bytes of values, %d follow it (was the file cut short? fetch it again)"
                            .formatted(position, dataLength));
        }
    }
}
