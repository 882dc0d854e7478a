package org.deepcovid.eval.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.StreamSupport;

/** Texts and styles of reports, from resource files of this package. */
final class Texts {

    private static final JsonNode ALL = parse(read("texts.json"));

    private Texts() {}

    /** Limits that hold for every report; one or two sentences each. */
    static List<String> limits() {
        return StreamSupport.stream(ALL.path("limits").spliterator(), false)
                .map(JsonNode::textValue)
                .toList();
    }

    /** Questions of the checklist; an {@code answer} may contain <code>{placeholders}</code>. */
    static JsonNode checklist() {
        return ALL.path("checklist");
    }

    /**
     * The content of a resource file of this package.
     *
     * @throws IllegalStateException if the jar lacks it
     */
    static String read(String name) {
        try (InputStream in = Texts.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(
                        name + " is missing from the jar of deepcovid-eval");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }

    private static JsonNode parse(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException("texts.json of deepcovid-eval is not JSON", e);
        }
    }
}
