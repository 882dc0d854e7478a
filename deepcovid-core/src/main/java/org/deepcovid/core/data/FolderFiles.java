package org.deepcovid.core.data;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.deepcovid.core.data.Reading.Exclusion;
import org.deepcovid.core.image.ImageDecoder;

/**
 * The files below a folder; links are followed.
 *
 * @param images files that are images by their names or by their first bytes, sorted
 * @param leftOut all others, except those of operating systems, sorted
 * @param problems files whose names cannot be written down and read back
 */
public record FolderFiles(List<Path> images, List<Exclusion> leftOut, List<String> problems) {

    /** Extensions of image files, in lower case; DICOM files often have none. */
    public static final SortedSet<String> IMAGE_ENDINGS =
            Collections.unmodifiableSortedSet(
                    new TreeSet<>(
                            List.of("png", "jpg", "jpeg", "bmp", "tif", "tiff", "gif", "dcm")));

    /** Completes a sentence about a name that the system's encoding cannot express. */
    public static final String ENCODING =
            "is not in the encoding %s of this system; start with LC_ALL=C.UTF-8 in the environment, or rename the file"
                    .formatted(System.getProperty("sun.jnu.encoding"));

    private static final Set<String> SYSTEM_FILES =
            Set.of(".ds_store", "thumbs.db", "desktop.ini", "dicomdir");

    /** Copies the lists. */
    public FolderFiles {
        images = images.stream().sorted().toList();
        leftOut = leftOut.stream().sorted(Comparator.comparing(Exclusion::file)).toList();
        problems = List.copyOf(problems);
    }

    /**
     * Lists the files below a folder. What cannot be listed below it is left out by name.
     *
     * @throws IOException if the folder itself cannot be listed
     */
    public static FolderFiles below(Path folder) throws IOException {
        Visitor visitor = new Visitor(folder);
        Files.walkFileTree(
                folder, Set.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, visitor);
        return new FolderFiles(visitor.images, visitor.leftOut, visitor.problems);
    }

    private static final class Visitor extends SimpleFileVisitor<Path> {

        private static final String ABOVE = "links to a folder above them";

        private final Path folder;
        private final List<Path> images = new ArrayList<>();
        private final List<Exclusion> leftOut = new ArrayList<>();
        private final List<String> problems = new ArrayList<>();
        private final Path real;

        Visitor(Path folder) throws IOException {
            this.folder = folder;
            this.real = folder.toRealPath();
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                throws IOException {
            try {
                if (directory.equals(folder) || !real.startsWith(directory.toRealPath())) {
                    return FileVisitResult.CONTINUE;
                }
                leaveOut(directory, ABOVE);
            } catch (IOException e) {
                failed(directory, e);
            }
            return FileVisitResult.SKIP_SUBTREE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (isSystemFile(file)) {
                return FileVisitResult.CONTINUE;
            }
            if (isHiddenOrMask(folder, file)) {
                leaveOut(file, "hidden files or masks");
            } else if (attributes.isSymbolicLink()) {
                leaveOut(file, "links to no file");
            } else if (!attributes.isRegularFile()) {
                leaveOut(file, "neither files nor folders");
            } else if (!isImage(file)) {
                leaveOut(file, "no images by name or content");
            } else if (canBeWritten(file)) {
                images.add(file);
            } else {
                problems.add("the name of %s %s".formatted(file, ENCODING));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            return failed(file, e);
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException e)
                throws IOException {
            return e == null ? FileVisitResult.CONTINUE : failed(directory, e);
        }

        private FileVisitResult failed(Path file, IOException e) throws IOException {
            if (file.equals(folder)) {
                throw e;
            }
            leaveOut(file, e instanceof FileSystemLoopException ? ABOVE : "cannot be read: " + e);
            return FileVisitResult.CONTINUE;
        }

        private void leaveOut(Path file, String reason) {
            leftOut.add(new Exclusion(file, reason));
        }
    }

    /** Whether the text of a path names the same file, so that it can stand in a manifest. */
    private static boolean canBeWritten(Path file) {
        try {
            return Path.of(file.toString()).equals(file);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** Whether a file is an image by its name or its first bytes. */
    public static boolean isImage(Path file) {
        return hasImageEnding(file) || ImageDecoder.isImage(file);
    }

    /** Whether a file, or a folder below {@code folder} that it is in, is hidden or holds masks. */
    private static boolean isHiddenOrMask(Path folder, Path file) {
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

    /** Whether a folder beside class folders holds masks. */
    static boolean isMasks(Path folder) {
        return folder.getFileName().toString().equalsIgnoreCase("masks");
    }

    private static boolean isMaskFolder(Path path) {
        return isMasks(path) && Files.isDirectory(path.resolveSibling("images"));
    }

    static boolean isSystemFile(Path file) {
        String name = lowerCase(file);
        return SYSTEM_FILES.contains(name) || name.startsWith("._");
    }

    /** Whether a file's name says that it is an image. */
    static boolean hasImageEnding(Path file) {
        return IMAGE_ENDINGS.contains(ending(file.getFileName().toString()));
    }

    /** Whether a file's name says that it is an image, but not DICOM. */
    static boolean hasOtherEnding(String file) {
        String ending = ending(file);
        return IMAGE_ENDINGS.contains(ending) && !ending.equals("dcm");
    }

    private static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static String lowerCase(Path file) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT);
    }
}
