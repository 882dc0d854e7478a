package org.deepcovid.core.io;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The finished parts of a run that has not ended, in a folder of its own: rows of numbers by key,
 * and a checkpoint. After {@code kill -9} at any moment the next run with the same folder
 * continues; at most the rows of the last seconds are lost. Call {@link #finish} when the result of
 * the run is saved.
 *
 * <p>A key must identify everything that its row depends on: rows are never invalidated. Rows are
 * written {@value #BYTES_PER_FILE} bytes or a few seconds at a time to files that are complete or
 * absent; damaged files are ignored. One process uses a folder at a time. Thread-safe.
 */
public final class WorkStore implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WorkStore.class);

    private static final int BYTES_PER_FILE = 8 << 20;
    private static final long NANOS_PER_FILE = 2_000_000_000L;
    private static final String LOCK = "lock";
    private static final String ROWS = "rows-";
    private static final String CHECKPOINT = "checkpoint.safetensors";

    /** Where the numbers of a row are. */
    private record Location(Path file, int offset, int length) {}

    private final Path folder;
    private final Optional<FileChannel> lock;
    private final Map<String, Location> written = new HashMap<>();
    private final Map<String, float[]> pending = new LinkedHashMap<>();
    private int pendingBytes;
    private long lastWrite = System.nanoTime();
    private int files;
    private boolean keeps;

    private WorkStore(Path folder, Optional<FileChannel> lock) {
        this.folder = folder;
        this.lock = lock;
        this.keeps = lock.isPresent();
    }

    /** A store that keeps nothing. */
    public static WorkStore none() {
        return new WorkStore(Path.of(""), Optional.empty());
    }

    /**
     * Opens the store in a folder, which is created if absent. If another process uses the folder,
     * or it cannot be written to, the result keeps nothing.
     */
    public static WorkStore in(Path folder) {
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
            WorkStore store = new WorkStore(folder, Optional.of(channel));
            store.read();
            return store;
        } catch (IOException e) {
            LOG.warn("nothing can be kept in {}: {}", folder, e.toString());
            return none();
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
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
    }

    private static boolean holdsRows(Path file) {
        return file.getFileName().toString().matches(ROWS + "\\d{8}");
    }

    private static int number(Path file) {
        return Integer.parseInt(file.getFileName().toString().substring(ROWS.length()));
    }

    private void readRows(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        ByteBuffer bytes = ByteBuffer.wrap(content);
        if (content.length < Long.BYTES || bytes.getLong(0) != checksum(content)) {
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

    private static long checksum(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content, Long.BYTES, content.length - Long.BYTES);
        return crc.getValue();
    }

    /** False for {@link #none()}, while another process uses the folder, and after a failure. */
    public synchronized boolean keeps() {
        return keeps;
    }

    /** Whether the disk has room for twice this number of bytes. */
    public boolean hasRoomFor(long bytes) {
        try {
            return keeps() && Files.getFileStore(folder).getUsableSpace() / 2 >= bytes;
        } catch (IOException e) {
            return false;
        }
    }

    /** Number of rows; right after opening, those of an interrupted run. */
    public synchronized int size() {
        return written.size() + pending.size();
    }

    /** Whether {@link #get} returns a row. */
    public synchronized boolean contains(String key) {
        return keeps && (pending.containsKey(key) || written.containsKey(key));
    }

    /**
     * A copy of a row.
     *
     * @throws IllegalArgumentException if there is none of this key
     * @throws UncheckedIOException if its file can no longer be read
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
            throw new UncheckedIOException(
                    "cannot read " + place.file() + ": " + AtomicFile.reason(e), e);
        }
        float[] row = new float[place.length()];
        bytes.flip().asFloatBuffer().get(row);
        return row;
    }

    /** Adds a copy of a row. After a failure, such as a full disk, rows are no longer kept. */
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
        byte[] content = bytes.toByteArray();
        ByteBuffer.wrap(content).putLong(0, checksum(content));
        return content;
    }

    /** The file for a checkpoint, which may be absent; empty if nothing is kept. */
    public synchronized Optional<Path> checkpoint() {
        return keeps ? Optional.of(folder.resolve(CHECKPOINT)) : Optional.empty();
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
            OwnOutputs.delete(folder);
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
        if (written.isEmpty() && !Files.exists(folder.resolve(CHECKPOINT))) {
            try {
                OwnOutputs.delete(folder);
            } catch (IOException e) {
                LOG.warn("{} was not deleted: {}", folder, e.toString());
            }
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
