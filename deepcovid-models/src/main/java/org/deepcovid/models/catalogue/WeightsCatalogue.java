package org.deepcovid.models.catalogue;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Published weights that this library can read, listed in {@code weights.json}. What is not known
 * for certain, such as a checksum that nobody published, is left empty.
 */
public final class WeightsCatalogue {

    private static final String RESOURCE = "weights.json";
    private static final List<CatalogueEntry> ENTRIES = readResource();

    private WeightsCatalogue() {}

    /** All known files; of each network, the preferred file first. */
    public static List<CatalogueEntry> entries() {
        return ENTRIES;
    }

    /**
     * The known files of a network, at least one; the preferred file first.
     *
     * @throws IllegalArgumentException if there is no network of that short name
     */
    public static List<CatalogueEntry> find(String network) {
        requireNonNull(network, "network is null");
        List<CatalogueEntry> found =
                ENTRIES.stream().filter(entry -> entry.network().equals(network)).toList();
        if (found.isEmpty()) {
            throw unknown("network", network, CatalogueEntry::network);
        }
        return found;
    }

    private static IllegalArgumentException unknown(
            String what, String name, Function<CatalogueEntry, String> key) {
        return new IllegalArgumentException(
                "the catalogue has no %s '%s'; expected one of %s"
                        .formatted(what, name, ENTRIES.stream().map(key).distinct().toList()));
    }

    /** The known file of an id, or an {@link IllegalArgumentException}. */
    public static CatalogueEntry entry(String id) {
        requireNonNull(id, "id is null");
        return ENTRIES.stream()
                .filter(entry -> entry.id().equals(id))
                .findFirst()
                .orElseThrow(() -> unknown("weights", id, CatalogueEntry::id));
    }

    /**
     * Reads another catalogue in the format of {@code weights.json}.
     *
     * @param json an array of objects with the components of {@link CatalogueEntry}; those that are
     *     optional may be left out
     * @throws IllegalArgumentException if the text is not such an array, or two entries share an id
     *     or a file name
     */
    public static List<CatalogueEntry> parse(String json) {
        try {
            CatalogueEntry[] entries =
                    new ObjectMapper()
                            .registerModule(new Jdk8Module())
                            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                            .readValue(json, CatalogueEntry[].class);
            List<CatalogueEntry> list = List.of(entries);
            checkUnique(list, "id", CatalogueEntry::id);
            checkUnique(list, "fileName", CatalogueEntry::fileName);
            return list;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a catalogue of weights: " + e.getMessage(), e);
        }
    }

    private static void checkUnique(
            List<CatalogueEntry> entries, String what, Function<CatalogueEntry, String> key) {
        Set<String> seen = new HashSet<>();
        for (CatalogueEntry entry : entries) {
            if (!seen.add(key.apply(entry))) {
                throw new IllegalArgumentException(
                        "two entries have the %s '%s'; expected each once"
                                .formatted(what, key.apply(entry)));
            }
        }
    }

    private static List<CatalogueEntry> readResource() {
        try (InputStream in = WeightsCatalogue.class.getResourceAsStream(RESOURCE)) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE + " cannot be read", e);
        }
    }
}
