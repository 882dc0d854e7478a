package org.deepcovid.core.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deepcovid.core.io.AtomicFile;

/**
 * Stores equally long rows of numbers: the first ones in memory, up to a limit, the others in a
 * temporary file that is deleted on closing.
 */
final class RowStore implements AutoCloseable {

    private final int length;
    private final int rowsInMemory;
    private final List<float[]> memory = new ArrayList<>();
    private final ByteBuffer buffer;
    private final Optional<FileChannel> file;
    private int size;

    private RowStore(int length, int rowsInMemory, Optional<FileChannel> file) {
        this.length = length;
        this.rowsInMemory = rowsInMemory;
        this.file = file;
        this.buffer =
                ByteBuffer.allocate(Math.multiplyExact(length, Float.BYTES))
                        .order(ByteOrder.nativeOrder());
    }

    /**
     * A store for a known number of rows.
     *
     * @param rows how many will be added
     * @param length of each
     * @param memoryBytes what the rows in memory may take
     * @param folder where the file goes, if one is needed
     * @throws IllegalStateException if the folder has no room for the rest
     */
    static RowStore of(int rows, int length, long memoryBytes, Path folder) {
        long rowBytes = (long) length * Float.BYTES;
        int inMemory = (int) Math.min(rows, memoryBytes / rowBytes);
        long rest = (rows - inMemory) * rowBytes;
        try {
            Optional<FileChannel> file =
                    rest == 0 ? Optional.empty() : Optional.of(file(folder, rest));
            return new RowStore(length, inMemory, file);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot keep activations in the folder %s: %s; name another one by -Djava.io.tmpdir"
                            .formatted(folder, e),
                    e);
        }
    }

    private static FileChannel file(Path folder, long bytes) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < bytes) {
            throw new IllegalStateException(
                    ("the activations below the trained layers need %d MiB of disk, and %s has %d"
                                    + " MiB; train from a later layer, use fewer draws of each"
                                    + " image, or name another folder by -Djava.io.tmpdir")
                            .formatted(bytes >> 20, folder, free >> 20));
        }
        return FileChannel.open(
                Files.createTempFile(folder, "deepcovid-activations", ".tmp"),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }

    int size() {
        return size;
    }

    /** Whether not all rows find room in memory. */
    boolean usesFile() {
        return file.isPresent();
    }

    void add(float[] row) {
        if (row.length != length) {
            throw new IllegalArgumentException(
                    "row of %d numbers; expected %d".formatted(row.length, length));
        }
        if (size < rowsInMemory) {
            memory.add(row);
        } else {
            buffer.clear().asFloatBuffer().put(row);
            transfer(size, true);
        }
        size++;
    }

    /** Copies a row into an array of its length. */
    void read(int row, float[] target) {
        if (row < rowsInMemory) {
            System.arraycopy(memory.get(row), 0, target, 0, length);
        } else {
            transfer(row, false);
            buffer.flip().asFloatBuffer().get(target, 0, length);
        }
    }

    private void transfer(int row, boolean write) {
        FileChannel channel = file.orElseThrow();
        long start = (long) (row - rowsInMemory) * buffer.capacity();
        buffer.clear();
        try {
            while (buffer.hasRemaining()) {
                long at = start + buffer.position();
                int count = write ? channel.write(buffer, at) : channel.read(buffer, at);
                if (count < 0) {
                    throw new IOException("it ends early");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the temporary file of activations failed (is the disk full?): "
                            + AtomicFile.reason(e),
                    e);
        }
    }

    @Override
    public void close() {
        memory.clear();
        if (file.isPresent()) {
            try {
                file.get().close();
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "closing the file of activations failed: " + AtomicFile.reason(e), e);
            }
        }
    }
}
