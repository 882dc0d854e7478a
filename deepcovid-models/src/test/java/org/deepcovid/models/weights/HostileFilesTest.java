package org.deepcovid.models.weights;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.deepcovid.core.model.tensors.SafetensorsWriter;
import org.deepcovid.models.weights.LayerNaming.Layout;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Damaged files give a {@link WeightsException} or other weights, quickly and in little memory. */
class HostileFilesTest {

    private static final int ROUNDS = 600;

    /** Bytes that one attempt may allocate: JSON, stack traces and the parser's objects. */
    private static final long MOST_ALLOCATED = 16 << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tiny_legacy.h5",
                "tiny_legacy_latest.h5",
                "tiny_model.h5",
                "tiny_3_attribute.weights.h5",
                "tiny.keras"
            })
    @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void mutatedHdf5(String file) throws IOException {
        attack(Files.readAllBytes(TinyNetwork.resource(file)));
    }

    @org.junit.jupiter.api.Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void mutatedSafetensors() throws IOException {
        Path file = folder.resolve("tiny.safetensors");
        Map<String, INDArray> tensors = new TreeMap<>();
        try (OutputStream out = Files.newOutputStream(file)) {
            for (Parameter parameter : Parameter.of(TinyNetwork.graph())) {
                tensors.put(parameter.key(TinyNetwork.TORCH), parameter.stored(Layout.TORCH));
            }
            SafetensorsWriter.write(out, tensors, Map.of("format", "pt"));
        }
        attack(Files.readAllBytes(file));
    }

    private void attack(byte[] whole) throws IOException {
        Path file = folder.resolve("damaged");
        Random random = new Random(11);
        ComputationGraph graph = TinyNetwork.graph();
        Files.write(file, whole);
        TinyNetwork.open(file).fill(graph);
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Files.write(file, mutated(whole, random));
            refused += refuses(file, graph, round) ? 1 : 0;
        }
        assertThat(refused).as("refused of " + ROUNDS).isBetween(ROUNDS / 10, ROUNDS - 1);
    }

    private static boolean refuses(Path file, ComputationGraph graph, int round) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            TinyNetwork.open(file).fill(graph);
            return false;
        } catch (WeightsException e) {
            assertThat(e.getMessage()).contains(file.toString());
            return true;
        } finally {
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
                    .as("bytes allocated in round %d", round)
                    .isLessThan(MOST_ALLOCATED);
        }
    }

    /** Flips bits, cuts, or overwrites a number with an extreme one. */
    private static byte[] mutated(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        switch (random.nextInt(5)) {
            case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1, 2 -> {
                for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
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

    private static void overwrite(byte[] bytes, Random random) {
        long[] values = {
            0, 1, -1, 0x7f, 0x7fff, 0x7fff_ffff, 0xffff_ffffL, Long.MAX_VALUE, bytes.length, 65537
        };
        int width = 1 << random.nextInt(4);
        int at = random.nextInt((bytes.length - 8) / width) * width;
        long value = values[random.nextInt(values.length)];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        switch (width) {
            case 1 -> buffer.put(at, (byte) value);
            case 2 -> buffer.putShort(at, (short) value);
            case 4 -> buffer.putInt(at, (int) value);
            default -> buffer.putLong(at, value);
        }
    }
}
