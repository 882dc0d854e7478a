package org.deepcovid.core.data;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.deepcovid.core.DatasetException;

/**
 * Joins datasets, so that a class can come from more than one source. Images that are equal in
 * bytes or pixels are kept once. Patients get the name of their source as a prefix; the attribute
 * {@code dataset} is that name, and {@code source} too, unless the dataset has its own.
 */
public final class DatasetJoin {

    static final String DATASET = "dataset";

    /** Stands for all labels that are not mapped by name. */
    private static final String OTHERS = "*";

    /**
     * A dataset to join.
     *
     * @param name unique among those that are joined
     * @param path folder or manifest
     * @param labels new labels by the labels of the dataset, ignoring case; {@code *} for all
     *     others; images whose new label is blank are left out
     * @param columns see {@link DatasetOptions#columns}
     */
    public record Source(
            String name, Path path, Map<String, String> labels, Map<String, String> columns) {

        public Source {
            requireNonNull(path, "path is null");
            if (name.isBlank()) {
                throw new IllegalArgumentException("the name of %s is blank".formatted(path));
            }
            Map<String, String> byKey = new HashMap<>();
            labels.forEach((label, to) -> byKey.put(key(label), to.strip()));
            labels = Map.copyOf(byKey);
            columns = Map.copyOf(columns);
        }

        private String label(Label written) {
            return labels.getOrDefault(
                    key(written.name()), labels.getOrDefault(OTHERS, written.name()));
        }

        private static String key(String label) {
            return label.strip().toLowerCase(Locale.ROOT);
        }
    }

    private final Path root;
    private final Problems problems = new Problems("datasets to join");
    private final List<LabelledImage> images = new ArrayList<>();
    private final Map<String, Reading> readings = new LinkedHashMap<>();
    private final Map<String, List<Reading.Exclusion>> exclusions = new HashMap<>();

    private DatasetJoin(Path root) {
        this.root = root;
    }

    /**
     * Reads and joins datasets; every image is decoded once.
     *
     * @param sources at least one
     * @param root folder that the ids are relative to
     * @param options how labels are read after they were mapped
     * @param remarks receives what is odd about the images that are kept
     * @return the images and how each source was read; without problems
     * @throws DatasetException naming all problems of the datasets
     */
    public static XrayDataset.Survey join(
            List<Source> sources,
            Path root,
            DatasetOptions options,
            BiConsumer<LabelledImage, String> remarks) {
        DatasetJoin join = new DatasetJoin(root);
        sources.forEach(source -> join.add(source, sources.size() > 1, options));
        join.requireDifferentFiles();
        join.problems.throwIfAny("correct the datasets, their names or the mapped labels");
        join.useKnownParts();
        return join.joined(options, remarks);
    }

    private void add(Source source, boolean several, DatasetOptions options) {
        String name = source.name();
        DatasetLayout layout =
                DatasetLayout.of(source.path(), options.withColumns(source.columns()));
        layout.list(options);
        layout.images.sort(Comparator.comparing(LabelledImage::id)); // folders list in any order
        layout.problems.all().forEach(problem -> problems.add(name + ": " + problem));
        exclusions.put(name, new ArrayList<>());
        if (readings.put(name, layout.reading(name)) != null) {
            problems.add("two datasets are named %s; expected different names".formatted(name));
        }
        Set<String> unused = new LinkedHashSet<>(source.labels().keySet());
        unused.remove(OTHERS);
        for (LabelledImage image : layout.images) {
            unused.remove(Source.key(image.label().name()));
            LabelledImage named = named(root, name, several, image, layout.licence());
            String label = source.label(image.label());
            Optional<String> problem = Label.problem(label);
            if (label.isEmpty()) {
                leaveOut(named, "label is mapped to none: " + image.label());
            } else if (problem.isPresent()) {
                problems.add(name + ": " + problem.get());
            } else {
                images.add(named.withLabel(new Label(label)));
            }
        }
        if (!unused.isEmpty()) {
            problems.add(
                    "%s has no images with the labels %s that are mapped; it has %s"
                            .formatted(name, unused, layout.labelNames()));
        }
    }

    private void leaveOut(LabelledImage image, String reason) {
        exclusions
                .get(image.attributes().get(DATASET))
                .add(new Reading.Exclusion(image.file(), reason));
    }

    /** An image with its source; patients of several sources are kept apart. */
    static LabelledImage named(
            Path root, String name, boolean several, LabelledImage image, String licence) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("source", name);
        attributes.put("license", licence);
        attributes.putAll(image.attributes());
        attributes.put(DATASET, name);
        String id = LabelledImage.id(root, image.file());
        String patient = several ? name + ":" + image.patient() : image.patient();
        return new LabelledImage(
                id,
                image.radiograph(),
                image.label(),
                image.patientKnown() ? patient : id,
                image.part(),
                attributes);
    }

    private void requireDifferentFiles() {
        Set<String> ids = new LinkedHashSet<>();
        images.stream()
                .map(LabelledImage::id)
                .filter(id -> !ids.add(id))
                .forEach(id -> problems.add(id + " is in two of the datasets"));
    }

    /** Parts that only some of the sources have are dropped. */
    private void useKnownParts() {
        boolean marked = images.stream().anyMatch(image -> image.part().isPresent());
        boolean unmarked = images.stream().anyMatch(image -> image.part().isEmpty());
        if (marked && unmarked) {
            images.replaceAll(image -> image.withPart(Optional.empty()));
            readings.replaceAll(
                    (name, reading) ->
                            reading.with(
                                    List.of(
                                            "own-parts: published parts are not used, since not"
                                                    + " every source has them"),
                                    List.of()));
        }
    }

    private XrayDataset.Survey joined(
            DatasetOptions options, BiConsumer<LabelledImage, String> remarks) {
        Set<String> names = new LinkedHashSet<>();
        images.forEach(image -> names.add(image.label().name()));
        LabelSet labels = problems.labels(names, options, "map the labels of each source");
        images.replaceAll(
                image -> image.withLabel(labels.parse(image.label().name()).orElseThrow()));
        Map<String, List<String>> found = new HashMap<>();
        Problems unreadable = new Problems("images to compare");
        unreadable.addAll(
                ImageChecks.undecodable(
                        images,
                        (image, text) ->
                                found.computeIfAbsent(image.id(), id -> new ArrayList<>())
                                        .add(text)));
        unreadable.throwIfAny("replace these files or remove them from the datasets");
        List<LabelledImage> kept = new ArrayList<>(new Duplicates().remove(images, this::leaveOut));
        PatientParts.separate(kept, this::leaveOut);
        kept.forEach(
                image ->
                        found.getOrDefault(image.id(), List.of())
                                .forEach(text -> remarks.accept(image, text)));
        readings.replaceAll(
                (name, read) ->
                        read.with(
                                List.of(Duplicates.RULE, PatientParts.RULE), exclusions.get(name)));
        return new XrayDataset.Survey(
                new XrayDataset(root, labels, kept, Optional.of("joined datasets")),
                List.copyOf(readings.values()),
                List.of());
    }
}
