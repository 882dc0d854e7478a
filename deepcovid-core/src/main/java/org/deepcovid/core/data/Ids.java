package org.deepcovid.core.data;

import java.nio.file.Path;

/** Names images independently of the system and of where the dataset lies. */
final class Ids {

    private Ids() {}

    /** The path from root to file, with slashes; the whole path where there is no common root. */
    static String of(Path root, Path file) {
        Path from = root.toAbsolutePath().normalize();
        Path to = file.toAbsolutePath().normalize();
        Path relative = from.getRoot().equals(to.getRoot()) ? from.relativize(to) : to;
        return relative.toString().replace(relative.getFileSystem().getSeparator(), "/");
    }
}
