package org.deepcovid.core.io;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The finished parts of a run that has not ended, in a folder of its own: rows of numbers by key, a
 * checkpoint, and checksums of the outputs that the run has written. After {@code kill -9} at any
 * moment the next run with the same folder continues, losing at most the rows of the last seconds.
 *
 * <p>Keys must identify everything that a row depends on: rows are never invalidated. Rows are
 * collected and written {@value #BYTES_PER_FILE} bytes or a few seconds at a time to files that are
 * complete or absent; damaged files are ignored. One process uses a folder at a time.
 *
 * <pre>{@code
 * try (WorkStore work = WorkStore.in(Path.of("unfinished"), "fine-tune radiographs")) {
 *     ...
 *     work.finish(); // the result is saved: deletes the folder
 * }
 * }</pre>
 *
 * <p>Safe to use from several threads.
 */
public final class WorkStore implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WorkStore.class);

    private static final int BYTES_PER_FILE = 8 << 20;
    private static final long NANOS_PER_FILE = 2_000_000_000L;
    private static final String LOCK = "lock";
    private static final String ROWS = "rows-";
    private static final String OUTPUTS = "outputs.txt";
    private static final String CHECKPOINT = "checkpoint.safetensors";

    /** Where the numbers of a row are. */
    private record Location(Path file, int offset, int length) {}

    private final Path folder;
    private final String command;
    private final Optional<FileChannel> lock;
    private final Map<String, Location> written = new HashMap<>();
    private final Map<String, float[]> pending = new LinkedHashMap<>();
    private final Map<Path, String> outputs = new HashMap<>();
    private int pendingBytes;
    private long lastWrite = System.nanoTime();
    private int files;
    private boolean keeps;

    private WorkStore(Path folder, String command, Optional<FileChannel> lock) {
        this.folder = folder;
        this.command = command;
        this.lock = lock;
        this.keeps = lock.isPresent();
    }

    /**
     * A store that keeps nothing.
     *
     * @return has no effect
     */
    public static WorkStore none() {
        return new WorkStore(Path.of(""), "", Optional.empty());
    }

    /**
     * Opens the store in a folder. If another process uses the folder, or it cannot be written to,
     * the result keeps nothing.
     *
     * @param folder made if absent
     * @param command one line that identifies the run; outputs of a run with another one are not
     *     {@linkplain #wrote recognised}
     * @return to be closed
     */
    public static WorkStore in(Path folder, String command) {
        requireNonNull(command, "command is null");
        try {
            Files.createDirectories(folder);
            FileChannel channel =
                    FileChannel.open(
                            folder.resolve(LOCK),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (!isLocked(channel)) {
                channel.close();
                LOG.info("another run uses {}", folder);
                return none();
            }
            WorkStore store = new WorkStore(folder, command, Optional.of(channel));
            store.read();
            return store;
        } catch (IOException e) {
            LOG.warn("nothing can be kept in {}: {}", folder, e.toString());
            return none();
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            FileLock held = channel.tryLock();
            return held != null;
        } catch (OverlappingFileLockException e) {
            return false; // by this process
        }
    }

    private void read() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path file : entries.filter(WorkStore::holdsRows).sorted().toList()) {
                files = Math.max(files, number(file));
                readRows(file);
            }
        }
        Path list = folder.resolve(OUTPUTS);
        if (Files.exists(list)) {
            List<String> lines = Files.readAllLines(list, StandardCharsets.UTF_8);
            if (lines.get(0).equals(command)) {
                for (String line : lines.subList(1, lines.size())) {
                    String[] parts = line.split(" ", 2);
                    outputs.put(Path.of(parts[1]), parts[0]);
                }
            }
        }
    }

    private static boolean holdsRows(Path file) {
        return file.getFileName().toString().matches(ROWS + "\\d{8}");
    }

    private static int number(Path file) {
        return Integer.parseInt(file.getFileName().toString().substring(ROWS.length()));
    }

    private void readRows(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        if (bytes.capacity() < Long.BYTES || bytes.getLong(0) != checksum(bytes)) {
            LOG.warn("{} is damaged and ignored", file);
            return;
        }
        bytes.position(Long.BYTES);
        while (bytes.hasRemaining()) {
            byte[] key = new byte[bytes.getInt()];
            bytes.get(key);
            int length = bytes.getInt();
            written.put(
                    new String(key, StandardCharsets.UTF_8),
                    new Location(file, bytes.position(), length));
            bytes.position(bytes.position() + length * Float.BYTES);
        }
    }

    private static long checksum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), Long.BYTES, bytes.capacity() - Long.BYTES);
        return crc.getValue();
    }

    /**
     * Whether rows that are put here are kept.
     *
     * @return false for {@link #none()}, while another process uses the folder, and after a failure
     */
    public synchronized boolean keeps() {
        return keeps;
    }

    /**
     * Whether so much can be added while as much stays free for other files.
     *
     * @param bytes to be added
     * @return true if the disk has room
     */
    public boolean hasRoomFor(long bytes) {
        try {
            return keeps() && Files.getFileStore(folder).getUsableSpace() / 2 >= bytes;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Number of keys with a row.
     *
     * @return right after opening, the number that an interrupted run left
     */
    public synchronized int size() {
        return written.size() + pending.size();
    }

    /**
     * What {@link #in} was given.
     *
     * @return one line
     */
    public String command() {
        return command;
    }

    /**
     * Whether there is a row.
     *
     * @param key of the row
     * @return true if {@link #get} returns it
     */
    public synchronized boolean contains(String key) {
        return keeps && (pending.containsKey(key) || written.containsKey(key));
    }

    /**
     * Reads a row.
     *
     * @param key that {@link #contains} knows
     * @return a copy
     * @throws UncheckedIOException if its file cannot be read any more
     */
    public synchronized float[] get(String key) {
        float[] unwritten = pending.get(key);
        if (unwritten != null) {
            return unwritten.clone();
        }
        Location place = written.get(key);
        if (place == null) {
            throw new IllegalArgumentException("no row of key " + key);
        }
        ByteBuffer bytes = ByteBuffer.allocate(place.length() * Float.BYTES);
        try (FileChannel channel = FileChannel.open(place.file(), StandardOpenOption.READ)) {
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, place.offset() + (long) bytes.position()) < 0) {
                    throw new IOException("it ends early");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + place.file() + ": " + e, e);
        }
        float[] row = new float[place.length()];
        bytes.flip().asFloatBuffer().get(row);
        return row;
    }

    /**
     * Adds a row. After a failure, such as on a full disk, rows are no longer kept.
     *
     * @param key of the row
     * @param row copied
     */
    public synchronized void put(String key, float[] row) {
        if (!keeps) {
            return;
        }
        pending.put(key, row.clone());
        pendingBytes += row.length * Float.BYTES;
        if (pendingBytes >= BYTES_PER_FILE || System.nanoTime() - lastWrite >= NANOS_PER_FILE) {
            flush();
        }
    }

    private void flush() {
        if (pending.isEmpty()) {
            return;
        }
        Path file = folder.resolve(ROWS + "%08d".formatted(++files));
        try {
            Map<String, Location> locations = new HashMap<>();
            byte[] content = content(file, locations);
            AtomicFile.write(file, IfExists.REPLACE, out -> out.write(content));
            written.putAll(locations);
        } catch (IOException e) {
            LOG.warn("the work of this run is no longer kept: {}", e.toString());
            keeps = false;
        }
        pending.clear();
        pendingBytes = 0;
        lastWrite = System.nanoTime();
    }

    private byte[] content(Path file, Map<String, Location> locations) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(0); // the checksum
        for (Map.Entry<String, float[]> entry : pending.entrySet()) {
            byte[] key = entry.getKey().getBytes(StandardCharsets.UTF_8);
            out.writeInt(key.length);
            out.write(key);
            out.writeInt(entry.getValue().length);
            locations.put(entry.getKey(), new Location(file, out.size(), entry.getValue().length));
            ByteBuffer row = ByteBuffer.allocate(entry.getValue().length * Float.BYTES);
            row.asFloatBuffer().put(entry.getValue());
            out.write(row.array());
        }
        ByteBuffer content = ByteBuffer.wrap(bytes.toByteArray());
        content.putLong(0, checksum(content));
        return content.array();
    }

    /**
     * Where a checkpoint is kept.
     *
     * @return empty if nothing is kept; the file may be absent
     */
    public synchronized Optional<Path> checkpoint() {
        return keeps ? Optional.of(folder.resolve(CHECKPOINT)) : Optional.empty();
    }

    /**
     * Whether an output is as this run, interrupted and started again with the same command, wrote
     * it: it may then be replaced.
     *
     * @param output file or folder
     * @return false if it is absent, changed or of another command
     */
    public synchronized boolean wrote(Path output) {
        Path path = output.toAbsolutePath().normalize();
        return keeps
                && outputs.containsKey(path)
                && Files.exists(path)
                && outputs.get(path).equals(checksum(path));
    }

    /**
     * Writes an output that does not exist yet, or that this run {@linkplain #wrote} itself: first
     * under a temporary name, then its checksum here, and then it is moved into place.
     *
     * @param output file or folder
     * @param writer writes file or folder of the name that it receives
     * @throws UncheckedIOException if the output exists and is not of this run, or if it cannot be
     *     written
     */
    public synchronized void write(Path output, Consumer<Path> writer) {
        Path path = output.toAbsolutePath().normalize();
        Path draft = path.resolveSibling("." + path.getFileName() + ".unfinished");
        try {
            delete(draft);
            writer.accept(draft);
            if (wrote(path) || isEmptyFolder(path)) {
                delete(path);
            }
            outputs.put(path, checksum(draft));
            saveOutputs();
            Files.move(draft, path); // fails if it exists
        } catch (IOException e) {
            throw new UncheckedIOException(output + " was not written: " + e, e);
        } finally {
            if (Files.exists(draft)) {
                discard(draft);
            }
        }
    }

    private static void discard(Path draft) {
        try {
            delete(draft);
        } catch (IOException e) {
            LOG.warn("{} is left: {}", draft, e.toString());
        }
    }

    private void saveOutputs() throws IOException {
        if (!keeps) {
            return;
        }
        StringBuilder text = new StringBuilder(command).append('\n');
        outputs.forEach((path, sum) -> text.append(sum).append(' ').append(path).append('\n'));
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(folder.resolve(OUTPUTS), IfExists.REPLACE, out -> out.write(bytes));
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
            throw new UncheckedIOException("cannot read " + path + ": " + e, e);
        }
        return FileHashes.sha256(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> entries = Files.walk(path)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        }
    }

    /**
     * The run has ended well: deletes the folder.
     *
     * @throws UncheckedIOException if it cannot be deleted
     */
    public synchronized void finish() {
        if (lock.isEmpty()) {
            return;
        }
        keeps = false;
        pending.clear();
        written.clear();
        try {
            lock.get().close();
            delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot delete %s, which is no longer needed: %s".formatted(folder, e), e);
        }
    }

    /** Writes what is pending; a folder with nothing in it is deleted. */
    @Override
    public synchronized void close() {
        if (!keeps) {
            lock.ifPresent(WorkStore::close);
            return;
        }
        flush();
        keeps = false;
        lock.ifPresent(WorkStore::close);
        boolean empty =
                written.isEmpty()
                        && !Files.exists(folder.resolve(OUTPUTS))
                        && !Files.exists(folder.resolve(CHECKPOINT));
        if (empty) {
            discard(folder);
        }
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("a lock was not released: {}", e.toString());
        }
    }
}
