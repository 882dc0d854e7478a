package org.deepcovid.core.io;

import static java.util.Objects.requireNonNull;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Results by key, kept in a file as they come, so that a run that was interrupted at any moment can
 * be taken up by another. What is in memory is where each record lies, not the records.
 *
 * <p>The file begins with a line that says what the results are of; a file of anything else is
 * begun anew. Each record carries its length and a checksum: what follows the last whole record, as
 * after {@code kill -9}, is cut off when the file is opened. Not more than one process has a
 * journal open.
 *
 * <p>Safe to use from several threads.
 */
public final class RecordJournal implements AutoCloseable {

    private static final int KEY_BYTES = 32;
    private static final int MOST_BYTES = 1 << 28;

    private record Key(long a, long b, long c, long d) {

        static Key of(String sha256) {
            byte[] bytes = HexFormat.of().parseHex(sha256);
            if (bytes.length != KEY_BYTES) {
                throw new IllegalArgumentException(
                        "key is '%s'; expected the 64 digits of a SHA-256".formatted(sha256));
            }
            return of(ByteBuffer.wrap(bytes));
        }

        static Key of(ByteBuffer bytes) {
            return new Key(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
        }

        void put(ByteBuffer target) {
            target.putLong(a).putLong(b).putLong(c).putLong(d);
        }
    }

    private record Place(long position, int length) {}

    private final Path file;
    private final RandomAccessFile content; // unlike a channel, not closed by an interrupt
    private final Map<Key, Place> places = new HashMap<>();
    private boolean replaced;
    private boolean open = true;
    private long end;

    private RecordJournal(Path file, RandomAccessFile content) {
        this.file = file;
        this.content = content;
    }

    /**
     * Opens a journal, or begins one.
     *
     * @param file of the journal; its folder is made if need be
     * @param header what the results are of, one line
     * @return empty if another run has it open
     * @throws IOException if the file cannot be read and written
     */
    public static Optional<RecordJournal> open(Path file, String header) throws IOException {
        byte[] line =
                (requireNonNull(header, "header is null") + '\n').getBytes(StandardCharsets.UTF_8);
        Files.createDirectories(file.toAbsolutePath().getParent());
        RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw");
        try {
            if (isLocked(content)) {
                RecordJournal journal = new RecordJournal(file, content);
                journal.read(line);
                return Optional.of(journal);
            }
        } catch (IOException | RuntimeException e) {
            content.close();
            throw e;
        }
        content.close();
        return Optional.empty();
    }

    private static boolean isLocked(RandomAccessFile content) throws IOException {
        try {
            FileLock lock = content.getChannel().tryLock();
            return lock != null; // released when the file is closed
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private void read(byte[] header) throws IOException {
        // The very file handle that holds the lock: some systems refuse all others.
        InputStream handle = new FileInputStream(content.getFD());
        DataInputStream in = new DataInputStream(new BufferedInputStream(handle, 1 << 16));
        byte[] found = in.readNBytes(header.length);
        if (Arrays.equals(found, header)) {
            end = header.length;
            readRecords(in);
        } else {
            replaced = found.length > 0;
            content.setLength(0);
            content.write(header);
            end = header.length;
        }
        content.setLength(end);
    }

    /** Up to the first record that is not whole. */
    private void readRecords(DataInputStream in) throws IOException {
        long size = content.length();
        while (size - end >= Integer.BYTES + KEY_BYTES + Integer.BYTES) {
            int length = in.readInt();
            long next = end + Integer.BYTES + KEY_BYTES + length + Integer.BYTES;
            if (length < 0 || length > MOST_BYTES || next > size) {
                return;
            }
            ByteBuffer record = ByteBuffer.allocate(Integer.BYTES + KEY_BYTES + length);
            record.putInt(length);
            in.readFully(record.array(), Integer.BYTES, KEY_BYTES + length);
            if (in.readInt() != checksum(record.array(), record.capacity())) {
                return;
            }
            places.put(Key.of(record), new Place(end + Integer.BYTES + KEY_BYTES, length));
            end = next;
        }
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    /**
     * Whether the file held results of something else, which are gone.
     *
     * @return true if it did when it was opened
     */
    public boolean hasReplacedOther() {
        return replaced;
    }

    /**
     * Number of records.
     *
     * @return 0 or more
     */
    public synchronized int size() {
        return places.size();
    }

    /**
     * Whether there is a record.
     *
     * @param key SHA-256 in hexadecimal
     * @return true if {@link #find} has an answer
     */
    public synchronized boolean contains(String key) {
        return open && places.containsKey(Key.of(key));
    }

    /**
     * Reads a record.
     *
     * @param key SHA-256 in hexadecimal
     * @return its value, or empty if there is none or this is closed
     * @throws IOException if the file cannot be read
     */
    public synchronized Optional<byte[]> find(String key) throws IOException {
        Place place = places.get(Key.of(key));
        if (place == null || !open) {
            return Optional.empty();
        }
        byte[] value = new byte[place.length()];
        content.seek(place.position());
        content.readFully(value);
        return Optional.of(value);
    }

    /**
     * Writes a record, unless there is one of this key or this is closed.
     *
     * @param key SHA-256 in hexadecimal
     * @param value at most 256 MiB
     * @throws IOException if the file cannot be written, such as on a full disk; the journal is as
     *     before then
     */
    public synchronized void put(String key, byte[] value) throws IOException {
        Key parsed = Key.of(key);
        if (!open || places.containsKey(parsed)) {
            return;
        }
        if (value.length > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "value of %d bytes; expected at most %d".formatted(value.length, MOST_BYTES));
        }
        int body = Integer.BYTES + KEY_BYTES + value.length;
        ByteBuffer record = ByteBuffer.allocate(body + Integer.BYTES);
        record.putInt(value.length);
        parsed.put(record);
        record.put(value).putInt(checksum(record.array(), body));
        append(record.array());
        places.put(parsed, new Place(end + Integer.BYTES + KEY_BYTES, value.length));
        end += record.capacity();
    }

    private void append(byte[] record) throws IOException {
        try {
            content.seek(end);
            content.write(record);
        } catch (IOException e) {
            content.setLength(end);
            throw e;
        }
    }

    /**
     * Ends well: closes and deletes the file.
     *
     * @throws IOException if the file cannot be deleted
     */
    public void finish() throws IOException {
        close();
        Files.deleteIfExists(file);
    }

    /**
     * Closes the file, which stays for another run. Further calls do nothing.
     *
     * @throws IOException if that fails
     */
    @Override
    public synchronized void close() throws IOException {
        open = false;
        content.close();
    }
}
