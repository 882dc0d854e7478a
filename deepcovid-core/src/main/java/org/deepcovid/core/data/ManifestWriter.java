package org.deepcovid.core.data;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepcovid.core.io.AtomicFile;
import org.deepcovid.core.io.CsvCells;
import org.deepcovid.core.io.IfExists;

/** Writes a split as a CSV manifest that {@link XrayDataset#read} reads. */
public final class ManifestWriter {

    private ManifestWriter() {}

    /**
     * Writes a manifest with the columns file, label, patient and split, and a column for each
     * attribute.
     *
     * @param split to write, with the part of each image
     * @param file to write; images in it are relative to its folder
     * @param ifExists whether an existing file is replaced
     * @return the names of the columns
     * @throws IOException if the file cannot be written
     */
    public static List<String> write(DatasetSplit split, Path file, IfExists ifExists)
            throws IOException {
        Set<String> attributes = new LinkedHashSet<>();
        split.byPart()
                .values()
                .forEach(all -> all.forEach(i -> attributes.addAll(i.attributes().keySet())));
        List<String> columns = new ArrayList<>(List.of("file", "label", "patient", "split"));
        columns.addAll(attributes);
        AtomicFile.write(
                file,
                ifExists,
                out -> {
                    Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
                    CsvCells.write(writer, List.of(columns));
                    for (Map.Entry<SplitPart, List<LabelledImage>> part :
                            split.byPart().entrySet()) {
                        for (LabelledImage image : part.getValue()) {
                            List<String> row = row(image, part.getKey(), file, attributes);
                            CsvCells.write(writer, List.of(row));
                        }
                    }
                });
        return columns;
    }

    private static List<String> row(
            LabelledImage image, SplitPart part, Path manifest, Set<String> attributes) {
        List<String> row = new ArrayList<>();
        row.add(relative(manifest.toAbsolutePath().normalize().getParent(), image.file()));
        row.add(image.label().name());
        row.add(image.patientKnown() ? image.patient() : "");
        row.add(part.folderName());
        attributes.forEach(name -> row.add(image.attributes().getOrDefault(name, "")));
        return row;
    }

    static String relative(Path folder, Path image) {
        Path to = image.toAbsolutePath().normalize();
        boolean sameRoot = folder.getRoot().equals(to.getRoot());
        Path path = sameRoot ? folder.relativize(to) : to;
        return path.toString().replace(path.getFileSystem().getSeparator(), "/");
    }
}
