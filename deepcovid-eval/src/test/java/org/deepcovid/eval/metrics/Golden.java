package org.deepcovid.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;

/** Expected values computed by other software; the script that made each file is beside it. */
public final class Golden {

    private Golden() {}

    public static JsonNode read(String path) {
        try (InputStream in = Golden.class.getResourceAsStream("/golden/" + path)) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The cases of a file by name, as arguments of a parametrised test. */
    public static Stream<Named<JsonNode>> cases(String path) {
        return StreamSupport.stream(read(path).get("cases").spliterator(), false)
                .map(node -> Named.of(node.get("name").asText(), node));
    }

    /** The truth of a case with the named column of scores. */
    public static ScoredLabels labels(JsonNode node, String scores) {
        return ScoredLabels.ofScores(
                TestLabels.truth(node.get("truth").asText()), numbers(node.get(scores)));
    }

    public static void assertClose(double found, JsonNode node, String name, double tolerance) {
        assertThat(found).as(name).isCloseTo(node.get(name).asDouble(), within(tolerance));
    }

    public static <T> void assertClose(
            List<T> items, ToDoubleFunction<T> value, JsonNode node, String name) {
        assertThat(items.stream().mapToDouble(value).toArray())
                .as(name)
                .containsExactly(numbers(node.get(name)), within(1e-12));
    }

    public static double[] numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }
}
