package org.deepcovid.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the radiographs, weights and golden files that lie beside the project, if they do. */
public final class SharedData {

    private SharedData() {}

    /**
     * A file or folder below the shared folder; the calling test is skipped, with the reason, if it
     * is not there.
     */
    public static Path path(String relative) {
        Path path =
                Path.of(System.getProperty("deepcovid.shared", "../shared"))
                        .resolve(relative)
                        .normalize();
        assumeTrue(
                Files.exists(path),
                () -> path + " is absent; set -Ddeepcovid.shared to the folder that holds it");
        return path;
    }
}
