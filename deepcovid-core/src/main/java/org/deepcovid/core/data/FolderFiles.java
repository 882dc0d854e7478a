package org.deepcovid.core.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Which files below a folder are its images, by their names. */
public final class FolderFiles {

    /** Extensions of image files, in lower case; DICOM files often have none. */
    public static final SortedSet<String> IMAGE_ENDINGS =
            Collections.unmodifiableSortedSet(
                    new TreeSet<>(
                            List.of("png", "jpg", "jpeg", "bmp", "tif", "tiff", "gif", "dcm")));

    private static final Set<String> SYSTEM_FILES = Set.of(".ds_store", "thumbs.db", "desktop.ini");

    private FolderFiles() {}

    /**
     * Whether a file, or a folder that it is in, is hidden or holds masks.
     *
     * @param folder that is read; its own name does not matter
     * @param file below it
     */
    public static boolean isHiddenOrMask(Path folder, Path file) {
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

    static boolean isSystemFile(Path file) {
        String name = lowerCase(file);
        return SYSTEM_FILES.contains(name) || name.startsWith("._");
    }

    /** Whether a file's name says that it is an image. */
    public static boolean hasImageEnding(Path file) {
        String name = lowerCase(file);
        return IMAGE_ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1));
    }

    /** Whether a file's name says that it is an image, but not DICOM. */
    static boolean hasOtherEnding(Path file) {
        return hasImageEnding(file) && !lowerCase(file).endsWith(".dcm");
    }

    private static String lowerCase(Path file) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT);
    }
}
