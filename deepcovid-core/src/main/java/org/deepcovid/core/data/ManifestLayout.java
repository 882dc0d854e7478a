package org.deepcovid.core.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
    private static final int LONGEST_HEADER = 1 << 16;
    private static final Pattern SEPARATOR_LINE =
            Pattern.compile("^sep=([^\\r\\n])\\s*$", Pattern.CASE_INSENSITIVE);

    private final Path csv;
    private final DatasetOptions options;
    private final Map<String, Integer> lineOfId = new HashMap<>();
    private final Map<String, String> values = new HashMap<>();
    private final Map<String, Label> labels = new HashMap<>();
    private final Map<String, Integer> placeholders = new TreeMap<>();
    private int skippedLines;

    ManifestLayout(Path csv, DatasetOptions options) {
        super(csv.toAbsolutePath().getParent(), "manifest " + csv);
        this.csv = csv;
        this.options = options;
    }

    @Override
    String name() {
        return "manifest";
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

    /** Reads a line {@code sep=;}; otherwise the separator beside the header's name file. */
    private CSVFormat format(BufferedReader text) throws IOException {
        text.mark(LONGEST_HEADER);
        String header = Optional.ofNullable(text.readLine()).orElse("");
        Matcher named = SEPARATOR_LINE.matcher(header);
        if (named.matches()) {
            skippedLines = 1;
            return FORMAT.builder().setDelimiter(named.group(1).charAt(0)).get();
        }
        text.reset();
        return FORMAT.builder().setDelimiter(delimiter(header)).get();
    }

    private static char delimiter(String header) {
        for (char delimiter : new char[] {';', '\t'}) {
            boolean found =
                    Stream.of(header.split(Pattern.quote(String.valueOf(delimiter)), -1))
                            .map(cell -> cell.strip().replace("\"", ""))
                            .anyMatch("file"::equalsIgnoreCase);
            if (found && header.indexOf(delimiter) >= 0) {
                return delimiter;
            }
        }
        return ',';
    }

    /** Without blank cells at the end, as spreadsheets write them. */
    private static List<String> cells(CSVRecord row, int columns) {
        List<String> cells = new ArrayList<>();
        row.forEach(cell -> cells.add(CsvCells.read(cell.strip())));
        while (cells.size() > columns && cells.get(cells.size() - 1).isEmpty()) {
            cells.remove(cells.size() - 1);
        }
        return cells;
    }

    private void addUnreadable(IOException e, String otherwise) {
        problems.add(e instanceof CharacterCodingException ? "the text is not UTF-8" : otherwise);
    }

    private void readRecords(CSVParser parser) {
        List<String> columns = List.of();
        for (CSVRecord row : parser) {
            if (columns.isEmpty()) {
                columns = columns(row);
                if (!problems.isEmpty()) {
                    return;
                }
                continue;
            }
            List<String> cells = cells(row, columns.size());
            long line = parser.getCurrentLineNumber() + skippedLines;
            if (cells.size() == columns.size()) {
                readRow(line, cells, columns);
            } else {
                problems.add(
                        "line %d has %d values; expected %d"
                                .formatted(line, cells.size(), columns.size()));
            }
        }
    }

    @Override
    void unknownLabel(LabelledImage image) {
        problems.add(
                "line %d: label is '%s'; expected covid or non"
                        .formatted(lineOfId.get(image.id()), image.label()));
    }

    private List<String> columns(CSVRecord header) {
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
        return columns;
    }

    private void readRow(long line, List<String> row, List<String> columns) {
        Map<String, String> cells = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            cells.put(columns.get(i), shared(row.get(i)));
        }
        String name = cells.remove("file");
        Optional<Label> label = label(line, cells.remove(options.labelColumn()));
        Optional.ofNullable(cells.remove(DatasetOptions.LABEL))
                .ifPresent(other -> cells.put(OTHER_LABEL, other));
        String patient = patient(Optional.ofNullable(cells.remove("patient")).orElse(""));
        String split = Optional.ofNullable(cells.remove("split")).orElse("");
        Optional<SplitPart> part = SplitPart.parse(split);
        if (part.isEmpty() && !split.isEmpty()) {
            problems.add(
                    "line %d: split is '%s'; expected train, val or test".formatted(line, split));
        }
        Optional<Path> file = file(line, name);
        if (file.isEmpty() || label.isEmpty()) {
            return;
        }
        String id = LabelledImage.id(root, file.get());
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
                        cells));
    }

    private String patient(String text) {
        Optional<String> id = PatientIds.of(text);
        if (id.isEmpty() && !text.isBlank()) {
            placeholders.merge(text, 1, Integer::sum);
        }
        return id.orElse("");
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

    private Optional<Path> file(long line, String name) {
        if (name.isEmpty()) {
            problems.add("line %d: file is blank".formatted(line));
            return Optional.empty();
        }
        try {
            Path file = root.resolve(name);
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
