package org.deepcovid.core.data;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;

/** What a prepared dataset contains and where it comes from, as Markdown. */
final class DatasetCard {

    private final PreparedDataset dataset;
    private final StringBuilder text = new StringBuilder();

    DatasetCard(PreparedDataset dataset) {
        this.dataset = dataset;
    }

    String text(Path manifest) {
        line("# Dataset card of %s", manifest.getFileName());
        line("");
        line(
                "Labels and licences are those of the sources. Figures from these images are those"
                        + " of a");
        line("research model, which is not a diagnostic device.");
        counts("label", image -> image.label().name());
        for (String attribute : new String[] {DatasetJoin.DATASET, "finding", "license"}) {
            counts(attribute, image -> image.attributes().getOrDefault(attribute, ""));
        }
        line("");
        line("## Sources, rules and images left out");
        for (Reading reading : dataset.readings()) {
            line("");
            reading.describe().forEach(line -> line("- %s", line.strip()));
            line("- licence: %s", reading.licence().isEmpty() ? "not stated" : reading.licence());
        }
        line("");
        line("Seed %d: the same sources and options give the same manifest.", dataset.seed());
        return text.toString();
    }

    private void counts(String name, Function<LabelledImage, String> attribute) {
        Map<String, int[]> counts = dataset.counts(attribute);
        if (counts.keySet().stream().allMatch(String::isEmpty)) {
            return;
        }
        line("");
        line("| %s | train | val | test |", name);
        line("| --- | ---: | ---: | ---: |");
        counts.forEach(
                (value, of) ->
                        line(
                                "| %s | %d | %d | %d |",
                                value.isEmpty() ? "not stated" : value, of[0], of[1], of[2]));
    }

    private void line(String format, Object... values) {
        text.append(format.formatted(values)).append('\n');
    }
}
