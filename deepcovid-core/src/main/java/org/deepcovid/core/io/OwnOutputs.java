package org.deepcovid.core.io;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outputs that an interrupted command had already written, so that the same command may replace
 * them. Their checksums are recorded in a file before they are moved into place; the file is
 * deleted when the command ends well.
 */
public final class OwnOutputs {

    private static final Logger LOG = LoggerFactory.getLogger(OwnOutputs.class);

    private final Path record;

    private OwnOutputs(Path record) {
        this.record = record;
    }

    /**
     * Outputs recorded in a file.
     *
     * @param record one file per command and its arguments; created when the first output is
     *     written
     */
    public static OwnOutputs recordedIn(Path record) {
        return new OwnOutputs(record);
    }

    /**
     * Whether an output is as the interrupted command wrote it.
     *
     * @param output file or folder
     * @return false if it is absent, was changed or is not recorded
     */
    public boolean contains(Path output) {
        Path path = output.toAbsolutePath().normalize();
        String recorded = read().getProperty(path.toString());
        return recorded != null && Files.exists(path) && checksum(path).equals(recorded);
    }

    /**
     * Writes an output that does not exist yet or that {@link #contains} recognises. It is written
     * to a hidden folder beside it, its checksum is recorded, and it is moved into place.
     *
     * @param output file or folder
     * @param writer writes the file or folder of the name that it receives
     * @throws UncheckedIOException if another output of this name exists, or if it cannot be
     *     written
     */
    public void write(Path output, Consumer<Path> writer) {
        Path path = output.toAbsolutePath().normalize();
        byte[] name = path.getFileName().toString().getBytes(StandardCharsets.UTF_8);
        String sum = FileHashes.sha256(name).substring(0, 16); // long names need a short draft
        Path drafts = path.resolveSibling("." + sum + ".unfinished");
        try {
            delete(drafts);
            Path draft = Files.createDirectory(drafts).resolve(path.getFileName());
            writer.accept(draft);
            if (contains(path) || isEmptyFolder(path)) {
                delete(path);
            }
            add(path, checksum(draft));
            Files.move(draft, path); // fails if it exists
            AtomicFile.forceEntries(path.getParent());
        } catch (FileAlreadyExistsException e) {
            throw new UncheckedIOException(
                    output + " was not written: it has come into being meanwhile", e);
        } catch (IOException e) {
            throw new UncheckedIOException(output + " was not written: " + AtomicFile.reason(e), e);
        } finally {
            discard(drafts);
        }
    }

    /**
     * The command has ended well: its outputs are no longer recognised.
     *
     * @throws UncheckedIOException if the record cannot be deleted
     */
    public void finish() {
        try {
            if (Files.exists(record)) {
                Files.delete(record);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot delete %s, which is no longer needed: %s".formatted(record, e), e);
        }
    }

    private Properties read() {
        Properties sums = new Properties();
        if (Files.isRegularFile(record)) {
            try (Reader reader = Files.newBufferedReader(record)) {
                sums.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                LOG.warn("{} cannot be read and is ignored: {}", record, e.toString());
            }
        }
        return sums;
    }

    private void add(Path path, String sum) {
        Properties sums = read();
        sums.setProperty(path.toString(), sum);
        try {
            StringWriter text = new StringWriter();
            sums.store(text, null);
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            Files.createDirectories(record.toAbsolutePath().getParent());
            AtomicFile.write(record, IfExists.REPLACE, out -> out.write(bytes));
        } catch (IOException e) {
            LOG.warn("{} will not be recognised after an interruption: {}", path, e.toString());
        }
    }

    private static boolean isEmptyFolder(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.findAny().isEmpty();
        }
    }

    /** Of a file, or of names and contents of all files in a folder. */
    private static String checksum(Path path) {
        if (!Files.isDirectory(path)) {
            return FileHashes.sha256(path);
        }
        StringBuilder text = new StringBuilder();
        try (Stream<Path> entries = Files.walk(path)) {
            for (Path file : entries.filter(Files::isRegularFile).sorted().toList()) {
                text.append(path.relativize(file)).append(' ').append(FileHashes.sha256(file));
                text.append('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path + ": " + AtomicFile.reason(e), e);
        }
        return FileHashes.sha256(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void discard(Path path) {
        try {
            delete(path);
        } catch (IOException e) {
            LOG.warn("{} was not deleted: {}", path, e.toString());
        }
    }

    /** Deletes a file or a folder with all that is in it, if it exists. */
    static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        List<Path> entries;
        try (Stream<Path> walk = Files.walk(path)) {
            entries = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path entry : entries) {
            Files.delete(entry);
        }
    }
}
