package org.deepcovid.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepcovid.core.data.DatasetJoin.Source;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Datasets to join, and how their labels and columns are mapped. */
final class SourceOptions {

    @Parameters(
            arity = "0..*",
            paramLabel = "DATA",
            description =
                    "folders or CSV manifests; several are joined. NAME=PATH names a source"
                            + " (default: the name of the folder or file)")
    private List<String> data = new ArrayList<>();

    @Option(
            names = "--map",
            paramLabel = "[NAME:]LABEL=NEW",
            description =
                    "new name of a label, of one source or of all; LABEL can be * for all others;"
                            + " without NEW its images are left out")
    private List<String> labels = new ArrayList<>();

    @Option(
            names = "--map-column",
            paramLabel = "[NAME:]COLUMN=NEW",
            description = "new name of a manifest's column, such as subject=patient")
    private List<String> columns = new ArrayList<>();

    boolean isEmpty() {
        return data.isEmpty();
    }

    /** Whether one dataset is read as it is. */
    boolean plain() {
        return data.size() == 1 && labels.isEmpty() && columns.isEmpty();
    }

    List<Source> sources(Subcommand command) {
        Map<String, Path> named = new LinkedHashMap<>();
        for (String text : data) {
            int equals = text.indexOf('=');
            boolean hasName = equals > 0 && !Files.exists(Path.of(text));
            Path path = Path.of(hasName ? text.substring(equals + 1) : text);
            String name = hasName ? text.substring(0, equals) : name(path);
            if (named.put(name, path) != null) {
                throw command.usage(
                        "two DATA are named '%s'; expected different names, as in NAME=PATH", name);
            }
        }
        Map<String, Map<String, String>> labelMaps = maps(command, "--map", labels, named);
        Map<String, Map<String, String>> columnMaps = maps(command, "--map-column", columns, named);
        List<Source> sources = new ArrayList<>();
        named.forEach(
                (name, path) ->
                        sources.add(
                                new Source(name, path, labelMaps.get(name), columnMaps.get(name))));
        return sources;
    }

    private static String name(Path path) {
        String name = path.toAbsolutePath().normalize().getFileName().toString();
        return Files.isDirectory(path) ? name : name.replaceFirst("\\.csv$", "");
    }

    /** The entries of each source; those without a source are of all. */
    private static Map<String, Map<String, String>> maps(
            Subcommand command, String option, List<String> entries, Map<String, Path> sources) {
        Map<String, Map<String, String>> maps = new LinkedHashMap<>();
        sources.keySet().forEach(name -> maps.put(name, new LinkedHashMap<>()));
        for (String entry : entries) {
            int equals = entry.indexOf('=');
            int colon = entry.indexOf(':');
            String source = colon > 0 && colon < equals ? entry.substring(0, colon) : "";
            if (equals < 1 || !(source.isEmpty() || maps.containsKey(source))) {
                throw command.usage(
                        "%s is '%s'; expected [NAME:]OLD=NEW with NAME one of %s",
                        option, entry, sources.keySet());
            }
            String from = entry.substring(source.isEmpty() ? 0 : colon + 1, equals);
            String to = entry.substring(equals + 1);
            maps.forEach(
                    (name, map) -> {
                        if (source.isEmpty() || source.equals(name)) {
                            map.put(from, to);
                        }
                    });
        }
        return maps;
    }
}
