package org.deepcovid.core.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads part and class folders. */
final class FolderLayout extends DatasetLayout {

    private static final String ADVICE =
            "expected images in a folder for each label, such as covid/ and non/, alone or below"
                    + " train/, val/ and test/; correct the folders or describe the images in a"
                    + " manifest.csv";

    private static final int MOST_NAMED = 10;

    private final DatasetOptions options;
    private final Map<Path, List<ClassFolder>> parents = new LinkedHashMap<>();
    private final SortedSet<String> subfolders = new TreeSet<>();

    /** A folder whose name is a label. */
    private record ClassFolder(Path folder, String label, boolean empty) {}

    FolderLayout(Path root, DatasetOptions options) {
        super(root, "dataset " + root);
        this.options = options;
    }

    @Override
    String name() {
        return "folders, one for each label";
    }

    @Override
    String detail() {
        return subfolders.isEmpty()
                ? ""
                : ", with sub-folders: %s%s"
                        .formatted(
                                subfolders.stream()
                                        .limit(MOST_NAMED)
                                        .collect(Collectors.joining(", ")),
                                subfolders.size() > MOST_NAMED
                                        ? " and %d more".formatted(subfolders.size() - MOST_NAMED)
                                        : "");
    }

    @Override
    String advice() {
        return ADVICE;
    }

    @Override
    void list() {
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

    private void readClasses(Path parent, Optional<SplitPart> part) throws IOException {
        List<ClassFolder> classes = new ArrayList<>();
        parents.put(parent, classes);
        for (Path folder : folders(parent)) {
            String label = name(folder).strip();
            Optional<String> problem = Label.problem(label);
            if (problem.isPresent()) {
                problems.add(id(folder) + ": " + problem.get());
            } else if (FolderFiles.isMasks(folder)) {
                FolderFiles.below(folder).images().forEach(mask -> leaveOut(mask, "masks"));
            } else {
                int before = images.size();
                readClass(folder, new Label(label), part);
                classes.add(new ClassFolder(folder, label, images.size() == before));
            }
        }
        reportLooseImages(parent);
    }

    private void readClass(Path folder, Label label, Optional<SplitPart> part) throws IOException {
        FolderFiles files = FolderFiles.below(folder);
        files.images().forEach(file -> add(file, label, part));
        files.images().stream()
                .map(Path::getParent)
                .filter(parent -> !parent.equals(folder))
                .forEach(parent -> subfolders.add(id(parent)));
        exclusions.addAll(files.leftOut());
        problems.addAll(files.problems());
    }

    /** The class folders of all parts name the labels. */
    @Override
    Set<String> labelNames() {
        Set<String> names = new LinkedHashSet<>();
        parents.values().forEach(all -> all.forEach(folder -> names.add(folder.label())));
        return names;
    }

    @Override
    void check(LabelSet labels) {
        parents.forEach((parent, folders) -> check(labels, parent, folders));
    }

    private void check(LabelSet labels, Path parent, List<ClassFolder> folders) {
        boolean known = options.labels().isPresent(); // so that a class may be absent
        Map<Label, ClassFolder> classes = new LinkedHashMap<>();
        for (ClassFolder folder : folders) {
            Optional<Label> label = labels.parse(folder.label());
            if (label.isEmpty()) {
                problems.add("%s is neither covid nor non".formatted(id(folder.folder())));
            } else if (classes.putIfAbsent(label.get(), folder) != null) {
                problems.add(
                        "%s and %s name the same class"
                                .formatted(
                                        id(classes.get(label.get()).folder()),
                                        id(folder.folder())));
            } else if (folder.empty() && !known) {
                problems.add("%s has 0 images; expected at least 1".formatted(id(folder.folder())));
            }
        }
        for (Label label : labels.labels()) {
            if (!classes.containsKey(label) && !known) {
                problems.add("folder %s is missing".formatted(id(parent.resolve(label.name()))));
            }
        }
    }

    private void add(Path file, Label label, Optional<SplitPart> part) {
        images.add(new LabelledImage(id(file), file, label, id(file), part, Map.of()));
    }

    /** Reports images outside the class folders, which have no label; other files are ignored. */
    private void reportLooseImages(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(Files::isRegularFile)
                    .filter(
                            file ->
                                    !FolderFiles.isSystemFile(file)
                                            && FolderFiles.hasImageEnding(file))
                    .sorted()
                    .forEach(
                            file ->
                                    problems.addLast(
                                            "%s is outside the class folders".formatted(id(file))));
        }
    }

    /** Folders by name; those that begin with a dot are left out. */
    static List<Path> folders(Path parent) throws IOException {
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(Files::isDirectory)
                    .filter(folder -> !FolderFiles.isHidden(name(folder)))
                    .sorted()
                    .toList();
        }
    }

    static String name(Path path) {
        return path.getFileName().toString();
    }

    private String id(Path path) {
        return LabelledImage.id(root, path);
    }
}
