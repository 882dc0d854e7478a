package org.deepcovid.core.data;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.deepcovid.core.io.AtomicFile;
import org.deepcovid.core.io.CsvCells;
import org.deepcovid.core.io.IfExists;

/**
 * A dataset that is ready to be written as a manifest.
 *
 * @param split the images
 * @param readings how each source was read; at least one
 * @param seed of the random choices
 */
public record PreparedDataset(DatasetSplit split, List<Reading> readings, long seed) {

    public PreparedDataset {
        requireNonNull(split, "split is null");
        readings = List.copyOf(readings);
    }

    /**
     * The other files that {@link #write} writes: the list of images left out, and the dataset
     * card. None if no image was left out or decided by a rule.
     *
     * @param manifest such as {@code list.csv}
     * @return none, or {@code list.excluded.csv} and {@code list.card.md} in the same folder
     */
    public List<Path> companions(Path manifest) {
        if (readings.stream().allMatch(Reading::isPlain)) {
            return List.of();
        }
        String stem = manifest.getFileName().toString().replaceFirst("\\.csv$", "");
        return List.of(
                manifest.resolveSibling(stem + ".excluded.csv"),
                manifest.resolveSibling(stem + ".card.md"));
    }

    /**
     * Writes the companions and then the manifest. Equal datasets give equal files, so that a
     * companion that an interrupted run has left is recognised by its content.
     *
     * @param manifest to write; images in it are relative to its folder
     * @param ifExists whether files that exist, with other content, are replaced
     * @return the names of the manifest's columns
     * @throws IOException if a file cannot be written
     */
    public List<String> write(Path manifest, IfExists ifExists) throws IOException {
        AtomicFile.checkWritable(manifest, ifExists);
        List<Path> companions = companions(manifest);
        if (!companions.isEmpty()) {
            AtomicFile.writeIfDifferent(companions.get(0), ifExists, bytes(exclusions(manifest)));
            AtomicFile.writeIfDifferent(
                    companions.get(1), ifExists, bytes(new DatasetCard(this).text(manifest)));
        }
        return ManifestWriter.write(split, manifest, ifExists);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String exclusions(Path manifest) throws IOException {
        List<List<String>> rows = new ArrayList<>(List.of(List.of("file", "source", "reason")));
        Path folder = manifest.toAbsolutePath().normalize().getParent();
        for (Reading reading : readings) {
            for (Reading.Exclusion exclusion : reading.exclusions()) {
                rows.add(
                        List.of(
                                ManifestWriter.relative(folder, exclusion.file()),
                                reading.source(),
                                exclusion.reason()));
            }
        }
        StringWriter text = new StringWriter();
        CsvCells.write(text, rows);
        return text.toString();
    }

    /** Numbers of images in the order of the parts, by the value of an attribute. */
    Map<String, int[]> counts(Function<LabelledImage, String> attribute) {
        Map<String, int[]> counts = new TreeMap<>();
        int part = 0;
        for (List<LabelledImage> images : split.byPart().values()) {
            for (LabelledImage image : images) {
                counts.computeIfAbsent(attribute.apply(image), value -> new int[3])[part]++;
            }
            part++;
        }
        return counts;
    }
}
