package org.deepcovid.core.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.deepcovid.core.image.dicom.PatientIds;
import org.deepcovid.core.io.AtomicFile;
import org.deepcovid.core.io.CsvCells;

/** Reads a CSV manifest. */
final class ManifestLayout extends DatasetLayout {

    private static final CSVFormat FORMAT =
            CSVFormat.DEFAULT
                    .builder()
                    .setIgnoreEmptyLines(true)
                    .setIgnoreSurroundingSpaces(true)
                    .get();

    /** Attribute that keeps the column {@code label} if another one holds the labels. */
    private static final String OTHER_LABEL = "other_label";

    private static final int MOST_SHARED = 1_000;

    private final Path csv;
    private final DatasetOptions options;
    private final Map<String, Integer> lineOfId = new HashMap<>();
    private final Map<String, String> values = new HashMap<>();
    private final Map<String, Label> labels = new HashMap<>();
    private final Map<String, Integer> placeholders = new TreeMap<>();
    private int skippedLines;
    private String lastPatient = ""; // one string for the rows of a patient

    ManifestLayout(Path csv, DatasetOptions options) {
        super(csv.toAbsolutePath().normalize().getParent(), "manifest " + csv);
        this.csv = csv;
        this.options = options;
    }

    @Override
    String name() {
        return "manifest";
    }

    @Override
    String detail() {
        return " " + csv.getFileName();
    }

    @Override
    List<String> rules() {
        List<String> rules = new ArrayList<>();
        placeholders.forEach(
                (id, count) ->
                        rules.add(
                                "unknown-patients: '%s', the patient of %d images, is no name"
                                        .formatted(id, count)));
        return rules;
    }

    @Override
    String advice() {
        return ("expected a header with file and %s (optional: patient, split, any others), and one"
                        + " line per image, with its file relative to %s; correct the manifest or"
                        + " the files")
                .formatted(options.labelColumn(), root);
    }

    @Override
    void list() {
        try (BufferedReader text = reader(csv);
                CSVParser parser = CSVParser.parse(text, format(text))) {
            readRecords(parser);
        } catch (UncheckedIOException e) {
            addUnreadable(e.getCause(), "is not well-formed CSV: " + e.getCause().getMessage());
        } catch (IOException e) {
            addUnreadable(e, "cannot be read: " + AtomicFile.reason(e));
        }
        if (images.isEmpty() && problems.isEmpty()) {
            problems.add("lists 0 images");
        }
    }

    private CSVFormat format(BufferedReader text) throws IOException {
        CsvHeader header = CsvHeader.read(text);
        skippedLines = header.skippedLines();
        return FORMAT.builder().setDelimiter(header.separator()).get();
    }

    /** Without blank cells at the end, as spreadsheets write them. */
    private static List<String> cells(CSVRecord row, int columns) {
        List<String> cells = new ArrayList<>(row.size());
        for (int i = 0; i < row.size(); i++) {
            cells.add(CsvCells.read(row.get(i).strip()));
        }
        while (cells.size() > columns && cells.get(cells.size() - 1).isEmpty()) {
            cells.remove(cells.size() - 1);
        }
        return cells;
    }

    private void addUnreadable(IOException e, String otherwise) {
        problems.add(e instanceof CharacterCodingException ? "the text is not UTF-8" : otherwise);
    }

    private void readRecords(CSVParser parser) {
        Columns columns = null;
        for (CSVRecord row : parser) {
            if (columns == null) {
                columns = columns(row);
                if (!problems.isEmpty()) {
                    return;
                }
                continue;
            }
            int expected = columns.names().size();
            List<String> cells = cells(row, expected);
            long line = parser.getCurrentLineNumber() + skippedLines;
            if (cells.size() == expected) {
                readRow(line, cells, columns);
            } else {
                problems.add(
                        "line %d has %d values; expected %d"
                                .formatted(line, cells.size(), expected));
            }
        }
    }

    @Override
    void unknownLabel(LabelledImage image) {
        problems.add(
                "line %d: label is '%s'; expected covid or non"
                        .formatted(lineOfId.get(image.id()), image.label()));
    }

    private Columns columns(CSVRecord header) {
        List<String> columns = new ArrayList<>();
        for (String cell : cells(header, 0)) {
            String column = options.column(cell);
            if (columns.contains(column)) {
                problems.add("the header names column '%s' twice".formatted(column));
            }
            columns.add(column);
        }
        for (String required : List.of("file", options.labelColumn())) {
            if (!columns.contains(required)) {
                problems.add("the header %s has no column '%s'".formatted(columns, required));
            }
        }
        if (!options.labelColumn().equals(DatasetOptions.LABEL)
                && Collections.replaceAll(columns, DatasetOptions.LABEL, OTHER_LABEL)
                && columns.indexOf(OTHER_LABEL) < columns.lastIndexOf(OTHER_LABEL)) {
            problems.add("the header has both label and other_label; rename one of them");
        }
        return Columns.of(columns, options.labelColumn());
    }

    /** The header, with the positions of columns, -1 for one that is absent. */
    private record Columns(
            List<String> names,
            int file,
            int label,
            int patient,
            int split,
            List<Integer> attributes) {

        static Columns of(List<String> names, String label) {
            Set<String> own = Set.of("file", label, "patient", "split");
            return new Columns(
                    List.copyOf(names),
                    names.indexOf("file"),
                    names.indexOf(label),
                    names.indexOf("patient"),
                    names.indexOf("split"),
                    IntStream.range(0, names.size())
                            .filter(i -> !own.contains(names.get(i)))
                            .boxed()
                            .toList());
        }

        static String cell(List<String> row, int column) {
            return column < 0 ? "" : row.get(column);
        }
    }

    private void readRow(long line, List<String> row, Columns columns) {
        String name = row.get(columns.file());
        Optional<Label> label = label(line, row.get(columns.label()));
        String patient = patient(Columns.cell(row, columns.patient()));
        String split = Columns.cell(row, columns.split());
        Optional<SplitPart> part = SplitPart.parse(split);
        if (part.isEmpty() && !split.isEmpty()) {
            problems.add(
                    "line %d: split is '%s'; expected train, val or test".formatted(line, split));
        }
        Optional<Path> file = file(line, name);
        if (file.isEmpty() || label.isEmpty()) {
            return;
        }
        String id = isPlain(name) ? name : LabelledImage.id(root, file.get());
        Integer earlier = lineOfId.putIfAbsent(id, (int) line);
        if (earlier != null) {
            problems.add("line %d: %s is also on line %d".formatted(line, id, earlier));
            return;
        }
        images.add(
                new LabelledImage(
                        id,
                        file.get(),
                        label.get(),
                        patient.isEmpty() ? id : patient,
                        part,
                        attributes(row, columns)));
    }

    private Attributes attributes(List<String> row, Columns columns) {
        String[] cells = new String[2 * columns.attributes().size()];
        int next = 0;
        for (int column : columns.attributes()) {
            cells[next++] = columns.names().get(column);
            cells[next++] = shared(row.get(column));
        }
        return Attributes.of(cells);
    }

    private String patient(String text) {
        Optional<String> id = PatientIds.of(text);
        if (id.isEmpty() && !text.isBlank()) {
            placeholders.merge(text, 1, Integer::sum);
        }
        lastPatient = id.filter(lastPatient::equals).isPresent() ? lastPatient : id.orElse("");
        return lastPatient;
    }

    private Optional<Label> label(long line, String text) {
        if (labels.containsKey(text)) {
            return Optional.of(labels.get(text));
        }
        Optional<String> problem = Label.problem(text);
        if (problem.isPresent()) {
            problems.add("line %d: %s".formatted(line, problem.get()));
            return Optional.empty();
        }
        labels.put(text, new Label(text));
        return Optional.of(labels.get(text));
    }

    /** One string for equal values, as most columns have few. */
    private String shared(String value) {
        String known = values.get(value);
        if (known == null && values.size() < MOST_SHARED) {
            values.put(value, value);
        }
        return known == null ? value : known;
    }

    /** Whether a name is a relative path in normal form, as most are: it is its own id. */
    private static boolean isPlain(String name) {
        return name.indexOf('\\') < 0
                && name.indexOf(':') < 0
                && !name.startsWith("/")
                && !name.startsWith(".")
                && !name.endsWith("/")
                && !name.contains("/.")
                && !name.contains("//");
    }

    private Optional<Path> file(long line, String name) {
        if (name.isEmpty()) {
            problems.add("line %d: file is blank".formatted(line));
            return Optional.empty();
        }
        try {
            Path file = root.resolve(name);
            if (isPlain(name)) {
                return Optional.of(file);
            }
            if (name.indexOf('\\') >= 0 && !Files.exists(file)) { // written on Windows
                file = root.resolve(name.replace('\\', '/'));
            }
            return Optional.of(file.normalize());
        } catch (InvalidPathException e) {
            boolean ascii = name.chars().allMatch(c -> c < 128);
            problems.add(
                    ascii
                            ? "line %d: file '%s' is not a path: %s"
                                    .formatted(line, name, e.getReason())
                            : "line %d: file '%s' %s".formatted(line, name, FolderFiles.ENCODING));
            return Optional.empty();
        }
    }
}
