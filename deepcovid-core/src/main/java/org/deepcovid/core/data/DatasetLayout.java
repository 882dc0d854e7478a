package org.deepcovid.core.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deepcovid.core.image.dicom.PatientIds;

/** One way in which datasets are stored. An instance reads once. */
abstract class DatasetLayout {

    private static final int MOST_NAMED = 3;

    final Path root;
    final Problems problems;

    /** Listed images; until {@link #survey}, with the labels as they are written. */
    final List<LabelledImage> images = new ArrayList<>();

    final List<Reading.Exclusion> exclusions = new ArrayList<>();

    DatasetLayout(Path root, String subject) {
        this.root = root;
        this.problems = new Problems(subject);
    }

    /** The layout of a manifest or folder, recognised by what it contains; no image is opened. */
    static DatasetLayout of(Path path, DatasetOptions options) {
        Path manifest = path.resolve("manifest.csv");
        Path metadata = path.resolve("metadata.csv");
        if (Files.isRegularFile(path)) {
            return new ManifestLayout(path, options);
        } else if (Files.isRegularFile(manifest)) {
            return new ManifestLayout(manifest, options);
        }
        Optional<DatasetLayout> published = PublishedLayout.recognise(path, options);
        if (published.isPresent()) {
            return published.get();
        }
        return Files.isRegularFile(metadata)
                ? new ManifestLayout(metadata, options)
                : new FolderLayout(path, options);
    }

    /** The kind of dataset, without names of the user's. */
    abstract String name();

    /** What the output adds to the name. */
    String detail() {
        return "";
    }

    String licence() {
        return "";
    }

    List<String> rules() {
        return List.of();
    }

    /** The patient of an image of which neither dataset nor header names one. */
    String otherwisePatient(LabelledImage image) {
        return image.id();
    }

    /** What a dataset of this layout should be like. */
    abstract String advice();

    /** Fills images, exclusions and problems. */
    abstract void list();

    /** Adds the problems that are known once the labels are. */
    void check(LabelSet labels) {
        if (problems.isEmpty()) {
            problems.addAll(ImageChecks.emptyClasses(labels, images));
        }
        problems.addAll(ImageChecks.dividedPatients(images));
    }

    /** Reports an image whose label is none of the labels. */
    void unknownLabel(LabelledImage image) {}

    Set<String> labelNames() {
        Set<String> names = new LinkedHashSet<>();
        images.forEach(image -> names.add(image.label().name()));
        return names;
    }

    final XrayDataset.Survey read(DatasetOptions options) {
        XrayDataset.Survey survey = survey(options);
        problems.throwIfAny(advice());
        return survey;
    }

    /** Lists the images, and completes them from the headers of DICOM files. */
    final void list(DatasetOptions options) {
        list();
        List<LabelledImage> complete = DicomColumns.complete(images, options.patientKey());
        images.clear();
        for (LabelledImage image : complete) {
            String patient = image.patientKnown() ? image.patient() : otherwisePatient(image);
            images.add(patient.equals(image.patient()) ? image : image.with(patient, Map.of()));
        }
    }

    final XrayDataset.Survey survey(DatasetOptions options) {
        list(options);
        Set<String> names = labelNames();
        LabelSet labels =
                names.isEmpty()
                        ? options.labels().orElse(LabelSet.COVID)
                        : problems.labels(names, options, labelAdvice(options));
        relabel(labels, names);
        check(labels);
        return new XrayDataset.Survey(
                new XrayDataset(root, labels, images, Optional.of(name())),
                List.of(reading()),
                problems.all());
    }

    /** What to do about labels other than those expected. */
    private String labelAdvice(DatasetOptions options) {
        if (options.labels().isEmpty()) {
            return advice();
        }
        LabelSet expected = options.labels().get();
        return images.stream()
                .limit(1)
                .flatMap(image -> image.attributes().keySet().stream())
                .filter(column -> images.stream().allMatch(i -> isLabel(expected, i, column)))
                .findFirst()
                .map(
                        column ->
                                ("the column '%1$s' holds the classifier's labels: --label-column"
                                                + " %1$s (DatasetOptions.withLabelColumn)")
                                        .formatted(column))
                .orElse(
                        "name another column with --label-column, or rename labels with deepcovid"
                                + " prepare --map OLD=NEW");
    }

    private static boolean isLabel(LabelSet expected, LabelledImage image, String column) {
        return expected.parse(image.attributes().getOrDefault(column, "")).isPresent();
    }

    /** The labels as written become those of the set; an image of none is left out. */
    private void relabel(LabelSet labels, Collection<String> names) {
        Map<String, Optional<Label>> known = new HashMap<>();
        names.forEach(name -> known.put(name, labels.parse(name)));
        images.replaceAll(
                image -> {
                    Optional<Label> label = known.get(image.label().name());
                    if (label.isEmpty()) {
                        unknownLabel(image);
                        return image;
                    }
                    return image.label().equals(label.get()) ? image : image.withLabel(label.get());
                });
        images.removeIf(image -> !labels.labels().contains(image.label()));
    }

    final Reading reading() {
        Path name = root.toAbsolutePath().normalize().getFileName();
        return reading(name == null ? root.toString() : name.toString());
    }

    final Reading reading(String source) {
        List<String> all = new ArrayList<>(rules());
        alikePatients().ifPresent(all::add);
        return new Reading(source, name() + detail(), licence(), all, exclusions);
    }

    /** A remark on identifiers that may be of one patient. */
    private Optional<String> alikePatients() {
        Set<String> patients = new HashSet<>();
        images.stream().filter(LabelledImage::patientKnown).forEach(i -> patients.add(i.patient()));
        List<List<String>> alike = PatientIds.alike(patients);
        return alike.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        ("patients-alike: %d groups of identifiers differ only by case, zeros"
                             + " before a number or a final .0, and count as different patients,"
                             + " such as %s")
                                .formatted(
                                        alike.size(),
                                        alike.stream()
                                                .limit(MOST_NAMED)
                                                .map(ids -> String.join(" and ", ids))
                                                .collect(Collectors.joining(", "))));
    }

    final void leaveOut(Path file, String reason) {
        exclusions.add(new Reading.Exclusion(file, reason));
    }

    /** Whether the first line of a file names these columns, ignoring case. */
    static boolean hasColumns(Path csv, String... columns) {
        if (!Files.isRegularFile(csv)) {
            return false;
        }
        try (BufferedReader reader = reader(csv)) {
            CsvHeader header = CsvHeader.read(reader);
            String separator = Pattern.quote(String.valueOf(header.separator()));
            return Stream.of(header.line().toLowerCase(Locale.ROOT).split(separator))
                    .map(String::strip)
                    .toList()
                    .containsAll(List.of(columns));
        } catch (IOException | UncheckedIOException e) {
            return false; // reading reports it
        }
    }

    /** Reads UTF-8 text, or UTF-16 with a byte order mark, without the mark. */
    static BufferedReader reader(Path text) throws IOException {
        String start;
        try (InputStream in = Files.newInputStream(text)) {
            start = HexFormat.of().formatHex(in.readNBytes(2));
        }
        boolean utf16 = start.equals("feff") || start.equals("fffe");
        BufferedReader reader =
                Files.newBufferedReader(
                        text, utf16 ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8);
        reader.mark(1);
        if (reader.read() != '\uFEFF') {
            reader.reset();
        }
        return reader;
    }
}
