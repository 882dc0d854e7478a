package org.deepcovid.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.Adler32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZlibStreamTest {

    private static final int BYTES = 200_000; // some windows

    /** Data that lead to different kinds of blocks and codes. */
    private enum Kind {
        NOISE {
            @Override
            int next(Random random, byte[] bytes, int i) {
                return random.nextInt();
            }
        },
        DIFFERENCES {
            @Override
            int next(Random random, byte[] bytes, int i) {
                return (int) Math.rint(3 * random.nextGaussian());
            }
        },
        RARE_VALUES {
            @Override
            int next(Random random, byte[] bytes, int i) {
                return (int) Math.rint(Math.exp(7 * random.nextDouble()) / 5);
            }
        },
        PERIODS {
            @Override
            int next(Random random, byte[] bytes, int i) {
                int period = 1 + (i / 1000) % 40;
                return i < period || random.nextInt(300) == 0 ? i : bytes[i - period];
            }
        },
        FAR_REPETITIONS {
            @Override
            int next(Random random, byte[] bytes, int i) {
                int distance = Math.min(i, 32_768 - (i / 5000));
                return i < 100 || random.nextInt(50) == 0 ? random.nextInt() : bytes[i - distance];
            }
        };

        abstract int next(Random random, byte[] bytes, int i);

        byte[] make(int length) {
            Random random = new Random(name().length());
            byte[] bytes = new byte[length];
            for (int i = 0; i < length; i++) {
                bytes[i] = (byte) next(random, bytes, i);
            }
            return bytes;
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void whatWasCompressedComesBack(Kind kind) throws DataFormatException {
        byte[] original = kind.make(BYTES);
        for (int level : new int[] {0, 1, 6, 9}) {
            for (int strategy :
                    new int[] {
                        Deflater.DEFAULT_STRATEGY, Deflater.FILTERED, Deflater.HUFFMAN_ONLY
                    }) {
                byte[] compressed = compressed(original, level, strategy, false);
                assertThat(read(pieces(compressed, 8192), 1000))
                        .as("level %d, strategy %d", level, strategy)
                        .isEqualTo(original);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 9, 100, 1 << 20})
    void piecesAndReadsMayHaveAnySize(int size) throws DataFormatException {
        byte[] original = Kind.RARE_VALUES.make(20_000);
        byte[] compressed = compressed(original, 6, Deflater.DEFAULT_STRATEGY, false);

        assertThat(read(pieces(compressed, size), 1 << 20)).isEqualTo(original);
        assertThat(read(pieces(compressed, 8192), size)).isEqualTo(original);
    }

    @Test
    void fewBytesAndNoneComeBack() throws DataFormatException {
        for (int length = 0; length < 300; length++) {
            byte[] original = Kind.PERIODS.make(length);
            byte[] compressed = compressed(original, 9, Deflater.DEFAULT_STRATEGY, false);

            assertThat(read(pieces(compressed, 5), 64)).isEqualTo(original);
        }
    }

    @Test
    void emptyPiecesAndWhatFollowsTheEndDoNoHarm() throws DataFormatException {
        byte[] original = Kind.DIFFERENCES.make(5000);
        byte[] compressed = compressed(original, 6, Deflater.DEFAULT_STRATEGY, false);
        List<ByteBuffer> pieces = new ArrayList<>(List.of(ByteBuffer.allocate(0)));
        for (ByteBuffer piece : pieces(compressed, 300)) {
            pieces.add(piece);
            pieces.add(ByteBuffer.allocate(0));
        }
        pieces.add(ByteBuffer.wrap(new byte[] {1, 2, 3}));

        assertThat(read(pieces, 1000)).isEqualTo(original);
    }

    @Test
    void truncatedDataAreRefused() {
        byte[] original = Kind.RARE_VALUES.make(3000);
        byte[] compressed = compressed(original, 6, Deflater.DEFAULT_STRATEGY, false);
        for (int length = 0; length < compressed.length; length++) {
            byte[] some = Arrays.copyOf(compressed, length);
            assertRefused(() -> read(pieces(some, 700), 1000));
        }
    }

    @Test
    void wrongChecksumIsRefused() {
        byte[] original = Kind.DIFFERENCES.make(3000);
        byte[] compressed = compressed(original, 6, Deflater.DEFAULT_STRATEGY, false);
        compressed[compressed.length - 1] ^= 1;

        assertRefused(() -> read(pieces(compressed, 700), 1000));
    }

    @Test
    void wrongHeaderAndDictionaryAreRefused() throws DataFormatException {
        byte[] original = Kind.DIFFERENCES.make(100);
        byte[] compressed = compressed(original, 6, Deflater.DEFAULT_STRATEGY, false);
        for (int method = 0; method < 256; method++) {
            byte[] other = compressed.clone();
            other[0] = (byte) method;
            int flags = 31 - (method << 8) % 31;
            other[1] = (byte) flags;
            boolean allowed = (method & 0xF) == 8 && method >> 4 < 8;
            if (allowed) {
                assertThat(read(pieces(other, 700), 1000)).isEqualTo(original);
            } else {
                assertRefused(() -> read(pieces(other, 700), 1000));
            }
        }
        Deflater deflater = new Deflater();
        deflater.setDictionary("dictionary".getBytes(StandardCharsets.US_ASCII));
        byte[] needsDictionary = finish(deflater, original);
        assertRefused(() -> read(pieces(needsDictionary, 700), 1000));
    }

    /**
     * Damaged data are refused where the JDK refuses them, and mean the same where it does not. The
     * checksum is made to fit, so that it hides nothing.
     */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void damageIsJudgedAsByTheJdk(Kind kind) {
        Random random = new Random(kind.name().length());
        int accepted = 0;
        for (int i = 0; i < 1500; i++) {
            byte[] original = kind.make(1 + random.nextInt(i % 10 == 0 ? 40_000 : 300));
            int strategy = random.nextInt(3);
            byte[] raw = compressed(original, random.nextInt(10), strategy, true);
            for (int k = random.nextInt(3); k >= 0; k--) {
                int at =
                        random.nextInt(
                                random.nextBoolean() ? raw.length : Math.min(80, raw.length));
                raw[at] ^= (byte) (1 << random.nextInt(8));
            }
            Optional<byte[]> expected = byJdk(raw);
            byte[] data = withHeader(raw, expected.orElse(new byte[0]));
            if (expected.isPresent()) {
                accepted++;
                byte[] read = assertDoesNotFail(() -> read(pieces(data, 100), 1000));
                assertThat(read).isEqualTo(expected.get());
            } else {
                assertRefused(() -> read(pieces(data, 100), 1000));
            }
        }
        assertThat(accepted).isBetween(20, 1480);
    }

    private interface Reading {
        byte[] read() throws DataFormatException;
    }

    private static void assertRefused(Reading reading) {
        assertThatThrownBy(reading::read).isInstanceOf(DataFormatException.class);
    }

    private static byte[] assertDoesNotFail(Reading reading) {
        try {
            return reading.read();
        } catch (DataFormatException e) {
            throw new AssertionError("the JDK accepts these data", e);
        }
    }

    @Test
    void paethFilterTakesTheClosestNeighbour() {
        for (int left = 0; left < 256; left++) {
            for (int up = 0; up < 256; up++) {
                for (int corner = 0; corner < 256; corner++) {
                    if (PngRows.paeth(left, up, corner) != paeth(left, up, corner)) {
                        assertThat(PngRows.paeth(left, up, corner))
                                .as("%d, %d, %d", left, up, corner)
                                .isEqualTo(paeth(left, up, corner));
                    }
                }
            }
        }
    }

    /** As the specification of PNG puts it. */
    private static int paeth(int a, int b, int c) {
        int estimate = a + b - c;
        int toA = Math.abs(estimate - a);
        int toB = Math.abs(estimate - b);
        int toC = Math.abs(estimate - c);
        if (toA <= toB && toA <= toC) {
            return a;
        }
        return toB <= toC ? b : c;
    }

    /** Empty if the data are damaged, or end too early. */
    private static Optional<byte[]> byJdk(byte[] raw) {
        Inflater inflater = new Inflater(true);
        inflater.setInput(
                Arrays.copyOf(raw, raw.length + 1)); // it wants one byte more than there are
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] some = new byte[10_000];
        try {
            while (!inflater.finished()) {
                int count = inflater.inflate(some);
                if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    return Optional.empty();
                }
                out.write(some, 0, count);
            }
            return inflater.getTotalIn() <= raw.length
                    ? Optional.of(out.toByteArray())
                    : Optional.empty();
        } catch (DataFormatException e) {
            return Optional.empty();
        } finally {
            inflater.end();
        }
    }

    /** Behind damaged data that end before their last byte, the checksum comes early. */
    private static byte[] withHeader(byte[] raw, byte[] content) {
        Adler32 checksum = new Adler32();
        checksum.update(content);
        int end = end(raw);
        return ByteBuffer.allocate(2 + end + 4)
                .put((byte) 0x78)
                .put((byte) 0x9C)
                .put(raw, 0, end)
                .putInt((int) checksum.getValue())
                .array();
    }

    private static int end(byte[] raw) {
        Inflater inflater = new Inflater(true);
        inflater.setInput(Arrays.copyOf(raw, raw.length + 1));
        byte[] some = new byte[10_000];
        try {
            while (inflater.inflate(some) > 0) {
                // goes on
            }
            return Math.min(inflater.getTotalIn(), raw.length);
        } catch (DataFormatException e) {
            return raw.length;
        } finally {
            inflater.end();
        }
    }

    private static byte[] compressed(byte[] bytes, int level, int strategy, boolean raw) {
        Deflater deflater = new Deflater(level, raw);
        deflater.setStrategy(strategy);
        return finish(deflater, bytes);
    }

    private static byte[] finish(Deflater deflater, byte[] bytes) {
        deflater.setInput(bytes);
        deflater.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] some = new byte[10_000];
        while (!deflater.finished()) {
            out.write(some, 0, deflater.deflate(some));
        }
        deflater.end();
        return out.toByteArray();
    }

    private static List<ByteBuffer> pieces(byte[] bytes, int size) {
        List<ByteBuffer> pieces = new ArrayList<>();
        for (int i = 0; i < bytes.length; i += size) {
            pieces.add(ByteBuffer.wrap(bytes, i, Math.min(size, bytes.length - i)));
        }
        return pieces;
    }

    private static byte[] read(List<ByteBuffer> pieces, int size) throws DataFormatException {
        ZlibStream stream = new ZlibStream(pieces.iterator());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] some = new byte[size];
        int count;
        do {
            count = stream.read(some, 0, size);
            out.write(some, 0, count);
        } while (count == size);
        assertThat(stream.read(some, 0, size)).isZero();
        return out.toByteArray();
    }
}
