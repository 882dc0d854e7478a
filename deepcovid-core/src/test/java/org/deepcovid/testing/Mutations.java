package org.deepcovid.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.deepcovid.core.image.RasterImage;

/**
 * Reads damaged copies of valid files. Each must be refused by the documented exception or
 * accepted, in bounded time and memory.
 *
 * @param name of the reader
 * @param suffix of the files, with the dot
 * @param valid contents of files that are accepted
 * @param mutation damages a content, and may bring checksums up to date
 * @param refusal the documented exception; its message names the file
 * @param mostAllocated bytes that reading one file may allocate, garbage included
 */
public record Mutations(
        String name,
        String suffix,
        List<byte[]> valid,
        Mutation mutation,
        Class<? extends RuntimeException> refusal,
        long mostAllocated,
        Reader reader) {

    /** System property: seconds per reader in the slow tests; the default is two minutes. */
    public static final String SECONDS = "deepcovid.mutationSeconds";

    private static final double MOST_SECONDS = 10;
    private static final int SHORT_ROUNDS = 300;
    private static final int ROUNDS_PER_CONTENT = 50;
    private static final int SMALL = 32_000;
    private static final int MOST_KEPT = 300;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Damages a content, which it may change. */
    public interface Mutation {
        byte[] apply(byte[] content, Random random);
    }

    /** Reads a file, and gives the picture if it holds one. */
    public interface Reader {
        Optional<RasterImage> read(Path file);
    }

    /** What happened. */
    private static final class Figures {
        private int accepted;
        private int refused;
        private double longest;
        private long allocated;
    }

    /** A few hundred mutations of the small files, the same in every run. */
    public void runShort(Path folder) throws IOException {
        List<byte[]> small = valid.stream().filter(content -> content.length < SMALL).toList();
        for (byte[] content : small) {
            reader.read(Files.write(file(folder), content));
        }
        Figures figures = new Figures();
        int rounds = Math.max(SHORT_ROUNDS, ROUNDS_PER_CONTENT * small.size());
        for (int round = 0; round < rounds; round++) {
            mutate(round, small, folder, figures);
        }
        assertThat(figures.refused).as("refused").isBetween(rounds / 20, rounds - 1);
    }

    /**
     * As many mutations as the time allows; prints a Markdown row with the figures.
     *
     * @param kept folder for a sample of the accepted pictures and what they were decoded to
     */
    public void runLong(Path folder, Path kept) {
        long end = System.nanoTime() + Long.getLong(SECONDS, 120) * 1_000_000_000L;
        Figures figures = new Figures();
        Random sample = new Random(3);
        int round = 0;
        for (; System.nanoTime() < end; round++) {
            Optional<RasterImage> picture = mutate(round, valid, folder, figures);
            int place = sample.nextInt(Math.max(1, figures.accepted));
            if (picture.isPresent() && (figures.accepted <= MOST_KEPT || place < MOST_KEPT)) {
                int number = figures.accepted <= MOST_KEPT ? figures.accepted - 1 : place;
                keep(file(folder), picture.get(), kept.resolve("%04d".formatted(number) + suffix));
            }
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %d | %d | %.2f s | %.1f MB |%n",
                name,
                round,
                figures.accepted,
                figures.refused,
                figures.longest,
                figures.allocated / 1e6);
    }

    private Path file(Path folder) {
        return folder.resolve("damaged" + suffix);
    }

    private static void keep(Path file, RasterImage picture, Path copy) {
        String header =
                "P%d %d %d 255\n"
                        .formatted(
                                picture.channels() == 1 ? 5 : 6, picture.width(), picture.height());
        try {
            Files.write(copy, Files.readAllBytes(file));
            byte[] samples = picture.toBytes();
            byte[] start = header.getBytes(US_ASCII);
            ByteBuffer pnm = ByteBuffer.allocate(start.length + samples.length);
            Files.write(Path.of(copy + ".pnm"), pnm.put(start).put(samples).array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<RasterImage> mutate(
            int round, List<byte[]> contents, Path folder, Figures figures) {
        Random random = new Random(round * 7919L + name.hashCode());
        byte[] content = contents.get(random.nextInt(contents.size())).clone();
        try {
            Files.write(file(folder), mutation.apply(content, random));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long time = THREADS.getCurrentThreadCpuTime(); // the process may be paused
        try {
            Optional<RasterImage> picture = reader.read(file(folder));
            figures.accepted++;
            return picture;
        } catch (RuntimeException | Error e) {
            assertThat(e).as("round %d of %s", round, name).isInstanceOf(refusal);
            assertThat(e).hasMessageContaining(file(folder).toString());
            figures.refused++;
            return Optional.empty();
        } finally {
            allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
            double seconds = (THREADS.getCurrentThreadCpuTime() - time) / 1e9;
            figures.longest = Math.max(figures.longest, seconds);
            figures.allocated = Math.max(figures.allocated, allocated);
            assertThat(seconds).as("seconds, round %d of %s", round, name).isLessThan(MOST_SECONDS);
            assertThat(allocated)
                    .as("bytes allocated, round %d of %s", round, name)
                    .isLessThan(mostAllocated);
        }
    }

    /** Cuts, flips bits, overwrites numbers, or leaves out, repeats or shuffles parts. */
    public static byte[] damage(byte[] bytes, Random random) {
        int from =
                random.nextInt(random.nextBoolean() ? bytes.length : Math.min(bytes.length, 200));
        int length = Math.min(bytes.length - from, 1 + random.nextInt(1 << random.nextInt(10)));
        byte[] part = Arrays.copyOfRange(bytes, from, from + length);
        switch (random.nextInt(9)) {
            case 0 -> {
                return Arrays.copyOf(bytes, from);
            }
            case 1 -> {
                return joined(bytes, from, new byte[0], from + length);
            }
            case 2 -> {
                return joined(bytes, from, part, from);
            }
            case 3 ->
                    System.arraycopy(
                            part, 0, bytes, random.nextInt(bytes.length - length + 1), length);
            case 4 -> Arrays.fill(bytes, from, from + length, (byte) random.nextInt(256));
            case 5, 6 -> {
                for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
                    int at = Math.min(bytes.length - 1, from + random.nextInt(length));
                    bytes[at] ^= (byte) (1 << random.nextInt(8));
                }
            }
            default -> {
                for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                    overwrite(bytes, random);
                }
            }
        }
        return bytes;
    }

    private static byte[] joined(byte[] bytes, int from, byte[] inserted, int to) {
        return ByteBuffer.allocate(from + inserted.length + bytes.length - to)
                .put(bytes, 0, from)
                .put(inserted)
                .put(bytes, to, bytes.length - to)
                .array();
    }

    private static void overwrite(byte[] bytes, Random random) {
        long[] values = {
            0, 1, -1, 0x7f, 0x7fff, 0x7fff_ffff, 0xffff_ffffL, Long.MAX_VALUE, bytes.length, 65537
        };
        int width = 1 << random.nextInt(4);
        int reach = random.nextBoolean() ? bytes.length : Math.min(bytes.length, 400);
        if (reach <= width) {
            return;
        }
        int at = random.nextInt((reach - 1) / width) * width;
        long value = values[random.nextInt(values.length)];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        buffer.order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        switch (width) {
            case 1 -> buffer.put(at, (byte) value);
            case 2 -> buffer.putShort(at, (short) value);
            case 4 -> buffer.putInt(at, (int) value);
            default -> buffer.putLong(at, value);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
