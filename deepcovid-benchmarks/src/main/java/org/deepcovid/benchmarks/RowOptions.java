package org.deepcovid.benchmarks;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.deepcovid.models.Backbones;

/** Options of a row: {@code key=value} words. */
record RowOptions(Map<String, String> values) {

    private static final Set<String> KEYS =
            Set.of("weights", "data", "networks", "counts", "rounds", "work", "launcher", "folder");

    RowOptions {
        values = Map.copyOf(values);
    }

    static RowOptions parse(List<String> words) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 0 || !KEYS.contains(word.substring(0, equals))) {
                throw new IllegalArgumentException(
                        "argument is '%s'; expected key=value with one of the keys %s"
                                .formatted(word, KEYS.stream().sorted().toList()));
            }
            values.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return new RowOptions(values);
    }

    Path weights(String network) {
        return WeightsFolder.find(
                Path.of(values.getOrDefault("weights", "../shared/weights")), network);
    }

    /** Radiographs in folders, as {@code XrayDataset.read} takes them. */
    Path data() {
        return Path.of(values.getOrDefault("data", "../shared/data/cxr-1k"));
    }

    /** A folder for intermediate files: classifiers and copies of images. */
    Path work() {
        return Path.of(values.getOrDefault("work", "deepcovid-benchmarks/target/work"));
    }

    List<String> networks() {
        return list("networks").orElseGet(() -> List.copyOf(Backbones.names()));
    }

    List<Integer> counts(Integer... standard) {
        return list("counts")
                .map(words -> words.stream().map(Integer::valueOf).toList())
                .orElse(List.of(standard));
    }

    int rounds(int standard) {
        return Integer.parseInt(values.getOrDefault("rounds", Integer.toString(standard)));
    }

    Optional<String> launcher() {
        return Optional.ofNullable(values.get("launcher"));
    }

    Optional<Path> folder() {
        return Optional.ofNullable(values.get("folder")).map(Path::of);
    }

    private Optional<List<String>> list(String key) {
        return Optional.ofNullable(values.get(key))
                .map(text -> Stream.of(text.split(",")).toList());
    }
}
