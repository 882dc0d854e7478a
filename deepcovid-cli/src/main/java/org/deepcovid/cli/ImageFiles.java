package org.deepcovid.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deepcovid.core.data.FolderFiles;
import org.deepcovid.core.data.Reading.Exclusion;
import org.deepcovid.core.io.AtomicFile;

/**
 * The image files for arguments: files with any extension, folders (searched recursively, see
 * {@link FolderFiles}), and patterns that the shell did not expand.
 *
 * @param files in the order of the arguments, those of a folder sorted; each once
 * @param passedOver what is left out in folders
 */
record ImageFiles(List<Path> files, List<Exclusion> passedOver) {

    private static final String PATTERN_SIGNS = "*?[{";

    ImageFiles {
        files = List.copyOf(files);
        passedOver = List.copyOf(passedOver);
    }

    /** The lines of a list. */
    static List<String> names(Path list) throws IOException {
        try {
            String text = Files.readString(list);
            return text.replaceFirst("^\uFEFF", "").lines().toList();
        } catch (CharacterCodingException e) {
            throw new IOException(list + " is not UTF-8; save it as UTF-8 text", e);
        }
    }

    /**
     * Finds the files. A name of no file is kept, so that it is reported like an unreadable image,
     * unless there are no others.
     *
     * @param words names or patterns
     * @param names names only; blank ones are left out
     * @throws IllegalArgumentException naming every argument without an image file
     */
    static ImageFiles find(List<String> words, List<String> names) {
        Map<Path, Path> found = new LinkedHashMap<>();
        List<Exclusion> passedOver = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        List<String> all = new ArrayList<>(words);
        names.stream().filter(name -> !name.isBlank()).forEach(all::add);
        for (int i = 0; i < all.size(); i++) {
            String word = all.get(i);
            boolean pattern = i < words.size();
            try {
                int before = found.size() + passedOver.size();
                List<Path> more = find(word, pattern, passedOver);
                more.forEach(file -> found.putIfAbsent(file.toAbsolutePath().normalize(), file));
                if (more.isEmpty() && found.size() + passedOver.size() == before) {
                    problems.add("'%s' holds or matches no image file".formatted(word));
                } else if (more.isEmpty()) {
                    problems.add(
                            "'%s' holds %d files, none of them an image by name (%s) or content"
                                    .formatted(word, passedOver.size(), FolderFiles.IMAGE_ENDINGS));
                }
            } catch (UncheckedIOException | IllegalArgumentException e) {
                problems.add(Failures.describe(e));
            }
        }
        if (!problems.isEmpty() || found.values().stream().noneMatch(Files::exists)) {
            found.values().stream()
                    .filter(file -> !Files.exists(file))
                    .forEach(
                            file ->
                                    problems.add(
                                            "there is no file or folder '%s'".formatted(file)));
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s; expected image files, folders, or patterns such as 'images/*.png'"
                            .formatted(String.join("; ", problems)));
        }
        return new ImageFiles(new ArrayList<>(found.values()), passedOver);
    }

    private static List<Path> find(String word, boolean mayBePattern, List<Exclusion> passedOver) {
        Path path = path(word);
        if (path != null && Files.isDirectory(path)) {
            FolderFiles found = below(path);
            if (!found.problems().isEmpty()) {
                throw new IllegalArgumentException(String.join("; ", found.problems()));
            }
            passedOver.addAll(found.leftOut());
            return found.images();
        }
        if (path != null && Files.exists(path)) {
            return List.of(path);
        }
        if (path == null && word.chars().anyMatch(c -> c > '~')) {
            throw new IllegalArgumentException(
                    "the name '%s' %s".formatted(word, FolderFiles.ENCODING));
        }
        if (!mayBePattern || word.chars().noneMatch(sign -> PATTERN_SIGNS.indexOf(sign) >= 0)) {
            if (path == null) {
                throw new IllegalArgumentException("'" + word + "' is no name of a file");
            }
            return List.of(path);
        }
        return matching(word);
    }

    /** Null if the name is invalid on this system, such as with an asterisk on Windows. */
    static Path path(String word) {
        try {
            return Path.of(word);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static List<Path> matching(String pattern) {
        String text = pattern.replace('\\', '/');
        int sign = 0;
        while (PATTERN_SIGNS.indexOf(text.charAt(sign)) < 0) {
            sign++;
        }
        int slash = text.lastIndexOf('/', sign);
        Path start = Path.of(slash < 0 ? "" : slash == 0 ? "/" : text.substring(0, slash));
        if (!Files.isDirectory(start)) {
            throw new IllegalArgumentException(
                    "there is no folder '%s' for the pattern '%s'".formatted(start, pattern));
        }
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + text);
        FolderFiles found = below(start);
        return Stream.concat(found.images().stream(), found.leftOut().stream().map(Exclusion::file))
                .filter(Files::isRegularFile)
                .filter(file -> !file.getFileName().toString().startsWith("."))
                .filter(matcher::matches)
                .sorted()
                .toList();
    }

    private static FolderFiles below(Path folder) {
        try {
            return FolderFiles.below(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot list " + folder + ": " + AtomicFile.reason(e), e);
        }
    }
}
