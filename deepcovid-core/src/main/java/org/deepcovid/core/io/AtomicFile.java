package org.deepcovid.core.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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

    /**
     * Writes a file. On any failure the temporary file is deleted, and an existing file of that
     * name is as it was.
     *
     * @param content writes the bytes
     * @throws IOException if the file exists and must not be replaced, its folder does not exist or
     *     cannot be written to, or writing fails
     */
    public static void write(Path file, IfExists ifExists, Content content) throws IOException {
        checkWritable(file, ifExists);
        Path folder = folderOf(file);
        Path temporary = folder.resolve(".%s.tmp".formatted(UUID.randomUUID()));
        FileChannel opened = create(temporary);
        try {
            try (OutputStream out = new BufferedOutputStream(Channels.newOutputStream(opened))) {
                content.writeTo(out);
                out.flush();
                opened.force(true);
            }
            move(temporary, file, ifExists);
        } catch (FileSystemException e) {
            throw temporary.toString().equals(e.getFile()) ? refusal(folder, e) : e;
        } finally {
            Files.deleteIfExists(temporary);
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

    /** What went wrong, without the path where the exception keeps it apart. */
    public static String reason(IOException e) {
        return e instanceof FileSystemException f && f.getReason() != null
                ? f.getReason()
                : e.getMessage();
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
