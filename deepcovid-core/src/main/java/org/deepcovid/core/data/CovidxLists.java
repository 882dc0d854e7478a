package org.deepcovid.core.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * COVIDx (Wang et al. 2020, doi:10.1038/s41598-020-76550-z): {@code train.txt}, {@code test.txt}
 * and perhaps {@code val.txt}, or with the version's name as in {@code train_COVIDx9A.txt}, whose
 * lines are patient, file, class and source; the files are in folders {@code train}, {@code test}
 * and {@code val}.
 */
final class CovidxLists extends PublishedLayout {

    private static final Pattern LIST = Pattern.compile("(train|val|test)(?:_COVIDx.*)?\\.txt");

    /** A file name may contain blanks; the first lists name no source. */
    private static final Pattern LINE =
            Pattern.compile("(\\S+)\\s+(?:(\\S+)\\s+(\\S+)|(.+?)\\s+(\\S+)\\s+(\\S+))");

    CovidxLists(Path root, DatasetOptions options) {
        super(root, options);
    }

    /** Whether there is a list of the files that a folder beside it holds without subfolders. */
    static boolean matches(Path root) throws IOException {
        for (Path file : files(root)) {
            Matcher list = LIST.matcher(FolderLayout.name(file));
            Path folder = list.matches() ? root.resolve(list.group(1)) : file;
            if (Files.isDirectory(folder) && FolderLayout.folders(folder).isEmpty()) {
                try (BufferedReader lines = reader(file)) {
                    String first = lines.readLine();
                    return first != null && LINE.matcher(first.strip()).matches();
                }
            }
        }
        return false;
    }

    @Override
    String name() {
        return "COVIDx lists";
    }

    @Override
    String licence() {
        return "by source, see the sources of COVIDx";
    }

    @Override
    List<String> rules() {
        return List.of(
                "listed-only: images that no list names are not used", PRESENT, PatientParts.RULE);
    }

    @Override
    void readAll() throws IOException {
        Map<SplitPart, Path> lists = new EnumMap<>(SplitPart.class);
        for (Path file : files(root)) {
            Matcher list = LIST.matcher(FolderLayout.name(file));
            if (list.matches()) {
                SplitPart part = SplitPart.parse(list.group(1)).orElseThrow();
                Path earlier = lists.putIfAbsent(part, file);
                if (earlier != null) {
                    problems.add(
                            "%s and %s list the same part; keep the lists of one version"
                                    .formatted(earlier.getFileName(), file.getFileName()));
                }
            }
        }
        for (Map.Entry<SplitPart, Path> list : lists.entrySet()) {
            read(list.getKey(), list.getValue());
        }
    }

    private void read(SplitPart part, Path list) throws IOException {
        int number = 0;
        try (BufferedReader lines = reader(list)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                Matcher match = LINE.matcher(line.strip());
                if (match.matches()) {
                    boolean sourced = match.group(4) != null;
                    add(
                            root.resolve(part.folderName()).resolve(match.group(sourced ? 4 : 2)),
                            match.group(sourced ? 5 : 3),
                            match.group(1),
                            Optional.of(part),
                            attributes("source", sourced ? match.group(6) : ""));
                } else if (!line.isBlank()) {
                    problems.add(
                            "%s line %d: expected patient, file, class and source, but was '%s'"
                                    .formatted(list.getFileName(), number, line));
                }
            }
        }
    }
}
