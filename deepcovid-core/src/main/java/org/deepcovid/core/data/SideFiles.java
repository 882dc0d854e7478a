package org.deepcovid.core.data;

import java.nio.file.Files;
import java.nio.file.Path;

/** Files below an image folder that are not its images: hidden ones and segmentation masks. */
public final class SideFiles {

    private SideFiles() {}

    /**
     * Whether a file, or a folder that it is in, is hidden or holds masks.
     *
     * @param folder that is read; its own name does not matter
     * @param file below it
     */
    public static boolean contains(Path folder, Path file) {
        Path path = folder;
        for (Path name : folder.relativize(file)) {
            path = path.resolve(name);
            if (isHidden(name.toString()) || isMaskFolder(path)) {
                return true;
            }
        }
        return false;
    }

    /** Names that begin with {@code .}, {@code @} or {@code __}, such as {@code __MACOSX}. */
    static boolean isHidden(String name) {
        return name.startsWith(".") || name.startsWith("@") || name.startsWith("__");
    }

    private static boolean isMaskFolder(Path path) {
        return path.getFileName().toString().equalsIgnoreCase("masks")
                && Files.isDirectory(path.resolveSibling("images"));
    }
}
