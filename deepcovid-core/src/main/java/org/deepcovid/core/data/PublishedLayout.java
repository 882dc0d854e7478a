package org.deepcovid.core.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;
import org.deepcovid.core.image.dicom.PatientIds;

/** A dataset as its authors publish it. */
abstract class PublishedLayout extends DatasetLayout {

    static final String PRESENT = "present-files: an image that is listed but absent is left out";

    /** Column of the boxes that radiologists drew. */
    static final String BOXES = "boxes";

    static final String BOXES_RULE =
            "boxes: x, y, width and height in pixels of the file, from its upper left corner,"
                    + " divided by semicolons";

    private static final CSVFormat FORMAT =
            CSVFormat.DEFAULT
                    .builder()
                    .setHeader()
                    .setSkipHeaderRecord(true)
                    .setIgnoreHeaderCase(true)
                    .setAllowMissingColumnNames(true)
                    .setDuplicateHeaderMode(DuplicateHeaderMode.ALLOW_ALL)
                    .setTrim(true)
                    .get();

    private final DatasetOptions options;
    private final Map<String, Label> labels = new HashMap<>();

    /** A row of a CSV file. */
    record Row(CSVRecord cells) {

        /** The cell of the first of these columns that the file has; blank if it has none. */
        String get(String... columns) {
            for (String column : columns) {
                if (cells.isSet(column)) {
                    return cells.get(column);
                }
            }
            return "";
        }
    }

    PublishedLayout(Path root, DatasetOptions options) {
        super(root, "dataset " + root);
        this.options = options;
    }

    /** The dataset that a folder is, if it is one of those known here. */
    static Optional<DatasetLayout> recognise(Path root, DatasetOptions options) {
        if (!Files.isDirectory(root)) {
            return Optional.empty();
        }
        try {
            return known(root, options);
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty(); // the layout of folders reports it
        }
    }

    private static Optional<DatasetLayout> known(Path root, DatasetOptions options)
            throws IOException {
        DatasetLayout layout = null;
        if (NihChestXray14.matches(root)) {
            layout = new NihChestXray14(root, options);
        } else if (RsnaPneumonia.matches(root)) {
            layout = new RsnaPneumonia(root, options);
        } else if (SiimCovid.matches(root)) {
            layout = new SiimCovid(root, options);
        } else if (VinDrCxr.matches(root)) {
            layout = new VinDrCxr(root, options);
        } else if (CheXpert.matches(root)) {
            layout = new CheXpert(root, options);
        } else if (CovidChestXray.matches(root)) {
            layout = new CovidChestXray(root, options);
        } else if (CovidxLists.matches(root)) {
            layout = new CovidxLists(root, options);
        } else if (RadiographyDatabase.matches(root)) {
            layout = new RadiographyDatabase(root, options);
        } else if (KaggleChestXray.matches(root)) {
            layout = new KaggleChestXray(root, options);
        }
        return Optional.ofNullable(layout);
    }

    abstract void readAll() throws IOException;

    @Override
    final void list() {
        if (!options.labelColumn().equals(DatasetOptions.LABEL)) {
            problems.add(
                    "is read as %s, which names its labels itself; a label column '%s' needs a"
                                    .formatted(name(), options.labelColumn())
                            + " manifest");
            return;
        }
        try {
            readAll();
        } catch (CharacterCodingException e) {
            problems.add("a list of %s is not UTF-8".formatted(name()));
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            problems.add("cannot be read as %s: %s".formatted(name(), e.getMessage()));
        }
        PatientParts.separate(images, (image, reason) -> leaveOut(image.file(), reason));
        if (images.isEmpty() && problems.isEmpty()) {
            problems.add("has 0 images: " + String.join(";", reading().describe()));
        }
    }

    @Override
    String advice() {
        return "expected the files of %s as published; complete them, or describe your images in a"
                        .formatted(name())
                + " manifest.csv";
    }

    /** Lists an image, unless its file is absent. */
    final void add(
            Path file,
            String label,
            String patient,
            Optional<SplitPart> part,
            Map<String, String> attributes) {
        if (!Files.exists(file)) {
            leaveOut(file, "no such file");
            return;
        }
        Optional<String> problem = Label.problem(label);
        if (problem.isPresent()) {
            leaveOut(file, "not one label: " + problem.get());
            return;
        }
        String id = LabelledImage.id(root, file);
        attributes.values().removeIf(String::isBlank);
        images.add(
                new LabelledImage(
                        id,
                        file,
                        labels.computeIfAbsent(label, Label::new),
                        PatientIds.of(patient).orElse(id),
                        part,
                        attributes));
    }

    /** Columns and their values, in turns. */
    static Map<String, String> attributes(String... columnsAndValues) {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < columnsAndValues.length; i += 2) {
            attributes.put(columnsAndValues[i], columnsAndValues[i + 1]);
        }
        return attributes;
    }

    /** A box as {@link #BOXES} has it. */
    static String box(String x, String y, String width, String height) {
        return String.join(" ", x, y, width, height);
    }

    /** The value of {@link #BOXES}. */
    static String boxes(List<String> boxes) {
        return String.join("; ", boxes);
    }

    /** Reads a CSV file whose first line names its columns. */
    static void rows(Path csv, Consumer<Row> action) throws IOException {
        try (BufferedReader text = reader(csv);
                CSVParser parser = CSVParser.parse(text, format(text))) {
            parser.forEach(cells -> action.accept(new Row(cells)));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static CSVFormat format(BufferedReader text) throws IOException {
        return FORMAT.builder().setDelimiter(CsvHeader.read(text).separator()).get();
    }

    /** Files in a folder by name, except those of operating systems. */
    static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(file -> !Files.isDirectory(file))
                    .filter(file -> !FolderFiles.isSystemFile(file))
                    .sorted()
                    .toList();
        }
    }
}
