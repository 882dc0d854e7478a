package org.deepcovid.core.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.UUID;

/**
 * Writes a file under a temporary name in its own folder, forces it to disk, and moves it into
 * place when complete.
 */
public final class AtomicFile {

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes everything.
         *
         * @param out buffered; closed by the caller
         * @throws IOException if writing fails
         */
        void writeTo(OutputStream out) throws IOException;
    }

    private AtomicFile() {}

    /** Writes a file of its own. */
    @FunctionalInterface
    public interface Writer {
        /**
         * Writes everything and closes the file.
         *
         * @param temporary to be created
         * @throws IOException if writing fails
         */
        void writeTo(Path temporary) throws IOException;
    }

    /**
     * Writes a file. On any failure the temporary file is deleted, and an existing file of that
     * name is as it was.
     *
     * @param content writes the bytes
     * @throws IOException if the file exists and must not be replaced, its folder does not exist or
     *     cannot be written to, or writing fails
     */
    public static void write(Path file, IfExists ifExists, Content content) throws IOException {
        place(
                file,
                ifExists,
                temporary -> {
                    try (OutputStream out =
                            new BufferedOutputStream(Channels.newOutputStream(create(temporary)))) {
                        content.writeTo(out);
                    }
                });
    }

    /**
     * Writes a file unless one with these bytes exists, such as one of an interrupted run.
     *
     * @throws IOException as for {@link #write}; if it is to fail, for a file of other bytes only
     */
    public static void writeIfDifferent(Path file, IfExists ifExists, byte[] content)
            throws IOException {
        boolean equal =
                Files.isRegularFile(file)
                        && Files.size(file) == content.length
                        && Arrays.equals(Files.readAllBytes(file), content);
        if (!equal) {
            write(file, ifExists, out -> out.write(content));
        }
    }

    /**
     * As {@link #write}, for programs that write a file by its name.
     *
     * @param writer creates the temporary file
     * @throws IOException as for {@link #write}
     */
    public static void place(Path file, IfExists ifExists, Writer writer) throws IOException {
        checkWritable(file, ifExists);
        Path folder = folderOf(file);
        Path temporary = folder.resolve(".%s.tmp".formatted(UUID.randomUUID()));
        try {
            writer.writeTo(temporary);
            try (FileChannel written = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            move(temporary, file, ifExists);
            forceEntries(folder);
        } catch (FileSystemException e) {
            throw temporary.toString().equals(e.getFile()) ? refusal(folder, e) : e;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Forces the names in a folder to disk, so that a file moved there survives a power cut. */
    static void forceEntries(Path folder) {
        try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
            entries.force(true);
        } catch (IOException | UnsupportedOperationException e) {
            // Windows and some network file systems open no folder, and keep names by themselves
        }
    }

    private static FileChannel create(Path temporary) throws IOException {
        try {
            return FileChannel.open(
                    temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (UnsupportedOperationException e) { // also of read-only file systems
            throw new IOException(
                    temporary.getParent() + " is on a read-only file system; choose another", e);
        } catch (FileSystemException e) {
            throw refusal(temporary.getParent(), e);
        }
    }

    private static IOException refusal(Path folder, FileSystemException e) {
        String reason = e.getReason() == null ? "" : " (" + e.getReason() + ")";
        return new IOException(
                "no file can be made in %s%s; choose another folder or a shorter name"
                        .formatted(folder, reason),
                e);
    }

    /**
     * Checks, without writing, what can be known before: useful ahead of long work.
     *
     * @throws IOException as for {@link #write}
     */
    public static void checkWritable(Path file, IfExists ifExists) throws IOException {
        Path folder = folderOf(file);
        if (Files.isDirectory(file)) {
            throw new IOException(file + " is a folder; name a file in it");
        }
        if (ifExists == IfExists.FAIL && Files.exists(file)) {
            throw new FileAlreadyExistsException(
                    file.toString(), null, "exists; choose another name or request replacement");
        }
        if (!Files.exists(folder)) {
            throw new NoSuchFileException(
                    folder.toString(), null, "the folder does not exist; create it first");
        }
        if (!Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder + " is not a folder; choose another");
        }
        if (!Files.isWritable(folder)) {
            throw new IOException(
                    folder + " cannot be written to; choose another folder or change its rights");
        }
    }

    /** What went wrong in words, without the path where the exception keeps it apart. */
    public static String reason(IOException e) {
        if (!(e instanceof FileSystemException f)) {
            return e.getMessage() == null ? e.toString() : e.getMessage();
        }
        if (f.getReason() != null) {
            return f.getReason();
        }
        if (f instanceof NoSuchFileException) {
            return "there is no such file or folder";
        }
        if (f instanceof FileAlreadyExistsException) {
            return "exists; choose another name or replace it";
        }
        if (f instanceof AccessDeniedException) {
            return "access denied; change its rights or choose another";
        }
        return f instanceof NotDirectoryException
                ? "is not a folder"
                : f.getClass().getSimpleName();
    }

    private static Path folderOf(Path file) {
        return file.toAbsolutePath().getParent();
    }

    private static void move(Path from, Path to, IfExists ifExists) throws IOException {
        if (ifExists == IfExists.FAIL) {
            Files.move(from, to); // fails if the file has come into being meanwhile
            return;
        }
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
