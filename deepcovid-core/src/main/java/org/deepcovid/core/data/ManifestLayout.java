package org.deepcovid.core.data;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.deepcovid.core.io.CsvCells;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a CSV manifest. */
final class ManifestLayout {

    private static final Logger LOG = LoggerFactory.getLogger(ManifestLayout.class);

    private static final CSVFormat FORMAT =
            CSVFormat.DEFAULT
                    .builder()
                    .setIgnoreEmptyLines(true)
                    .setIgnoreSurroundingSpaces(true)
                    .get();

    private static final Pattern SEPARATOR_LINE =
            Pattern.compile("^(sep=[^\\r\\n])\\s*[\\r\\n]", Pattern.CASE_INSENSITIVE);

    /** Attribute that keeps the column {@code label} if another one holds the labels. */
    private static final String OTHER_LABEL = "other_label";

    private final Path csv;
    private final DatasetOptions options;
    private final Path root;
    private final Problems problems;
    private final List<LabelledImage> images = new ArrayList<>();
    private final Map<String, Long> lineOfId = new HashMap<>();

    private final Map<String, Integer> placeholders = new TreeMap<>();

    private LabelSet labels = LabelSet.COVID;

    ManifestLayout(Path csv, DatasetOptions options) {
        this.csv = csv;
        this.options = options;
        this.root = csv.toAbsolutePath().getParent();
        this.problems = new Problems("manifest " + csv);
    }

    XrayDataset read() {
        list();
        problems.addAll(ImageChecks.dividedPatients(images));
        problems.throwIfAny(advice());
        return new XrayDataset(root, labels, images);
    }

    private String advice() {
        return ("expected a header with file and %s (optional: patient, split, any others), and one"
                        + " line per image, with its file relative to %s; correct the manifest or"
                        + " the files")
                .formatted(options.labelColumn(), root);
    }

    XrayDataset.Survey survey() {
        list();
        problems.addAll(ImageChecks.dividedPatients(images));
        return new XrayDataset.Survey(new XrayDataset(root, labels, images), problems.all());
    }

    private void list() {
        try (CSVParser parser = parser()) {
            readRecords(parser);
        } catch (CharacterCodingException e) {
            problems.add("the text is not UTF-8");
        } catch (IOException e) {
            problems.add("cannot be read: %s".formatted(e));
        } catch (UncheckedIOException e) {
            problems.add("is not well-formed CSV: %s".formatted(e.getCause().getMessage()));
        }
        placeholders.forEach(
                (id, count) ->
                        LOG.warn(
                                "{}: the patient '{}' of {} images is taken as unknown",
                                csv,
                                id,
                                count));
        if (!images.isEmpty()) {
            nameLabels();
        } else if (problems.isEmpty()) {
            problems.add("lists 0 images");
        }
        if (problems.isEmpty()) {
            problems.addAll(ImageChecks.emptyClasses(labels, images));
        }
    }

    private CSVParser parser() throws IOException {
        String text = text();
        Matcher named = SEPARATOR_LINE.matcher(text);
        if (named.find()) { // its line stays, so that lines are counted as in the file
            String rest = text.substring(named.end(1));
            return CSVParser.parse(new StringReader(rest), format(named.group(1).charAt(4)));
        }
        return CSVParser.parse(new StringReader(text), format(delimiter(text)));
    }

    private static CSVFormat format(char delimiter) {
        return FORMAT.builder().setDelimiter(delimiter).get();
    }

    /** The one that a column named file stands beside in the header; otherwise a comma. */
    private static char delimiter(String text) {
        String header = text.stripLeading().lines().findFirst().orElse("");
        for (char delimiter : new char[] {',', ';', '\t'}) {
            boolean found =
                    Stream.of(header.split(Pattern.quote(String.valueOf(delimiter))))
                            .map(cell -> cell.strip().replace("\"", ""))
                            .anyMatch("file"::equalsIgnoreCase);
            if (found && header.indexOf(delimiter) >= 0) {
                return delimiter;
            }
        }
        return ',';
    }

    /** UTF-8, or UTF-16 with a byte order mark. */
    private String text() throws IOException {
        byte[] bytes = Files.readAllBytes(csv);
        boolean wide =
                bytes.length > 1
                        && Math.min(bytes[0], bytes[1]) == -2
                        && Math.max(bytes[0], bytes[1]) == -1;
        Charset charset = wide ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
        String text = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
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

    private void readRecords(CSVParser parser) {
        List<String> columns = List.of();
        for (CSVRecord row : parser) {
            if (columns.isEmpty()) {
                columns = columns(row);
                if (!problems.isEmpty()) {
                    return;
                }
            } else if (cells(row, columns.size()).size() != columns.size()) {
                problems.add(
                        "line %d has %d values; expected %d"
                                .formatted(
                                        parser.getCurrentLineNumber(),
                                        cells(row, columns.size()).size(),
                                        columns.size()));
            } else {
                readRow(
                        parser.getCurrentLineNumber(), cells(row, columns.size()), columns);
            }
        }
    }

    /** The labels as written until now become those of the set; an image of none is left out. */
    private void nameLabels() {
        Set<String> names = new LinkedHashSet<>();
        images.forEach(image -> names.add(image.label().name()));
        labels = problems.labels(names, options, advice());
        Map<String, Optional<Label>> known = new HashMap<>();
        names.forEach(name -> known.put(name, labels.parse(name)));
        List<LabelledImage> written = List.copyOf(images);
        images.clear();
        for (LabelledImage image : written) {
            known.get(image.label().name())
                    .ifPresentOrElse(
                            label -> images.add(labelled(image, label)),
                            () ->
                                    problems.add(
                                            "line %d: label is '%s'; expected covid or non"
                                                    .formatted(
                                                            lineOfId.get(image.id()),
                                                            image.label())));
        }
    }

    private static LabelledImage labelled(LabelledImage image, Label label) {
        return image.label().equals(label) ? image : image.withLabel(label);
    }

    private List<String> columns(CSVRecord header) {
        List<String> columns = new ArrayList<>();
        for (String cell : cells(header, 0)) {
            String column = cell.toLowerCase(Locale.ROOT);
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
            cells.put(columns.get(i), row.get(i));
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
        Long earlier = lineOfId.putIfAbsent(id, line);
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
        String id = PatientIds.normalised(text);
        if (!PatientIds.isPlaceholder(id)) {
            return id;
        }
        placeholders.merge(id, 1, Integer::sum);
        return "";
    }

    private Optional<Label> label(long line, String text) {
        Optional<String> problem = Label.problem(text);
        problem.ifPresent(found -> problems.add("line %d: %s".formatted(line, found)));
        return problem.isPresent() ? Optional.empty() : Optional.of(new Label(text));
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
            problems.add(
                    "line %d: file '%s' is not a path: %s".formatted(line, name, e.getReason()));
            return Optional.empty();
        }
    }
}
