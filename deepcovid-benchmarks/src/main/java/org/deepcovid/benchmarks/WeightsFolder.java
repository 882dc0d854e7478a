package org.deepcovid.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds weights by the beginning of their file name. */
final class WeightsFolder {

    private WeightsFolder() {}

    /** The first file in alphabetical order whose name begins with the network's. */
    static Path find(Path folder, String network) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> fitting =
                    files.filter(file -> file.getFileName().toString().startsWith(network))
                            .sorted()
                            .toList();
            if (fitting.isEmpty()) {
                throw new IllegalArgumentException(
                        "%s holds no file whose name begins with '%s'; put weights there or name"
                                        .formatted(folder.toAbsolutePath(), network)
                                + " another folder with -p weights=FOLDER");
            }
            return fitting.get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "%s cannot be listed; name a folder of weights with -p weights=FOLDER"
                            .formatted(folder.toAbsolutePath()),
                    e);
        }
    }
}
