package org.deepcovid.core.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads part and class folders. */
final class FolderLayout {

    private static final Logger LOG = LoggerFactory.getLogger(FolderLayout.class);
    private static final Set<String> SYSTEM_FILES = Set.of(".ds_store", "thumbs.db", "desktop.ini");
    private static final Set<String> IMAGE_ENDINGS =
            Set.of("png", "jpg", "jpeg", "bmp", "tif", "tiff", "gif", "dcm");

    private static final String ADVICE =
            "expected images in a folder for each label, such as covid/ and non/, alone or below"
                    + " train/, val/ and test/; correct the folders or describe the images in a"
                    + " manifest.csv";

    private final Path root;
    private final DatasetOptions options;
    private final Problems problems;
    private final List<LabelledImage> images = new ArrayList<>();

    private LabelSet labels = LabelSet.COVID;

    FolderLayout(Path root, DatasetOptions options) {
        this.root = root;
        this.options = options;
        this.problems = new Problems("dataset " + root);
    }

    XrayDataset read() {
        list();
        problems.throwIfAny(ADVICE);
        return new XrayDataset(root, labels, images);
    }

    XrayDataset.Survey survey() {
        list();
        return new XrayDataset.Survey(new XrayDataset(root, labels, images), problems.all());
    }

    private void list() {
        if (!options.labelColumn().equals(DatasetOptions.LABEL)) {
            problems.add(
                    "has no manifest with a column '%s': its labels are its folders"
                            .formatted(options.labelColumn()));
        } else if (Files.isDirectory(root)) {
            try {
                readRoot();
            } catch (IOException | UncheckedIOException e) {
                problems.add("%s cannot be listed: %s".formatted(root, e));
            }
        } else {
            problems.add(
                    Files.exists(root)
                            ? "%s is not a folder".formatted(root)
                            : "%s does not exist".formatted(root));
        }
    }

    private void readRoot() throws IOException {
        Map<SplitPart, Path> parts = new EnumMap<>(SplitPart.class);
        List<Path> others = new ArrayList<>();
        for (Path folder : folders(root)) {
            Optional<SplitPart> part = SplitPart.parse(name(folder));
            if (part.isEmpty()) {
                others.add(folder);
            } else {
                Path earlier = parts.putIfAbsent(part.get(), folder);
                if (earlier != null) {
                    problems.add(
                            "%s and %s name the same part".formatted(name(earlier), name(folder)));
                }
            }
        }
        nameLabels(parts.isEmpty() ? List.of(root) : parts.values());
        if (parts.isEmpty()) {
            readClasses(root, Optional.empty());
            return;
        }
        others.forEach(
                folder -> problems.add("%s is none of train, val, test".formatted(name(folder))));
        reportLooseImages(root);
        for (Map.Entry<SplitPart, Path> part : parts.entrySet()) {
            readClasses(part.getValue(), Optional.of(part.getKey()));
        }
    }

    /** The class folders of all parts name the labels. */
    private void nameLabels(Collection<Path> parents) throws IOException {
        List<String> names = new ArrayList<>();
        for (Path parent : parents) {
            for (Path folder : folders(parent)) {
                String label = name(folder).strip();
                Label.problem(label)
                        .ifPresentOrElse(
                                problem -> problems.add(id(folder) + ": " + problem),
                                () -> names.add(label));
            }
        }
        labels = problems.labels(names, options, ADVICE);
    }

    private void readClasses(Path parent, Optional<SplitPart> part) throws IOException {
        Map<Label, Path> classes = new LinkedHashMap<>();
        for (Path folder : folders(parent)) {
            Optional<Label> label = labels.parse(name(folder));
            if (label.isEmpty()) {
                if (Label.problem(name(folder).strip()).isEmpty()) {
                    problems.add("%s is neither covid nor non".formatted(id(folder)));
                }
            } else if (classes.putIfAbsent(label.get(), folder) != null) {
                problems.add(
                        "%s and %s name the same class"
                                .formatted(id(classes.get(label.get())), id(folder)));
            }
        }
        reportLooseImages(parent);
        for (Label label : labels.labels()) {
            if (classes.containsKey(label)) {
                readClass(classes.get(label), label, part);
            } else {
                problems.add("folder %s is missing".formatted(id(parent.resolve(label.name()))));
            }
        }
    }

    private void readClass(Path folder, Label label, Optional<SplitPart> part) throws IOException {
        int before = images.size();
        try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            Map<Boolean, List<Path>> found =
                    files.filter(file -> !Files.isDirectory(file))
                            .filter(file -> !isSystemFile(file))
                            .collect(
                                    Collectors.partitioningBy(
                                            file -> SideFiles.contains(folder, file)));
            found.get(false).forEach(file -> add(file, label, part));
            if (!found.get(true).isEmpty()) {
                LOG.warn(
                        "{}: {} hidden files or masks are left out, such as {}",
                        folder,
                        found.get(true).size(),
                        found.get(true).get(0));
            }
        }
        if (images.size() == before) {
            problems.add("%s has 0 images; expected at least 1".formatted(id(folder)));
        }
    }

    private void add(Path file, Label label, Optional<SplitPart> part) {
        images.add(new LabelledImage(id(file), file, label, id(file), part, Map.of()));
    }

    /** Reports images outside the class folders, which have no label; other files are ignored. */
    private void reportLooseImages(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(Files::isRegularFile)
                    .filter(file -> !isSystemFile(file) && hasImageEnding(file))
                    .sorted()
                    .forEach(
                            file ->
                                    problems.add(
                                            "%s is outside the class folders".formatted(id(file))));
        }
    }

    private static List<Path> folders(Path parent) throws IOException {
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(Files::isDirectory)
                    .filter(folder -> !SideFiles.isHidden(name(folder)))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isSystemFile(Path file) {
        String name = name(file).toLowerCase(Locale.ROOT);
        return SYSTEM_FILES.contains(name) || name.startsWith("._");
    }

    private static boolean hasImageEnding(Path file) {
        String name = name(file).toLowerCase(Locale.ROOT);
        return IMAGE_ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1));
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    private String id(Path path) {
        return LabelledImage.id(root, path);
    }
}
