package org.deepcovid.models.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.deepcovid.core.model.tensors.SafetensorsWriter;
import org.deepcovid.models.weights.LayerNaming.Layout;
import org.deepcovid.testing.Mutations;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Damaged weights files give a {@link WeightsException} or other weights; see {@link Mutations}.
 */
class HostileFilesTest {

    /** Bytes that one attempt may allocate: JSON, stack traces and the parser's objects. */
    private static final long MOST_ALLOCATED = 16 << 20;

    @TempDir Path folder;

    static Stream<Mutations> readers() throws IOException {
        List<byte[]> hdf5 = new ArrayList<>();
        for (String name :
                List.of(
                        "tiny_legacy.h5",
                        "tiny_legacy_latest.h5",
                        "tiny_model.h5",
                        "tiny_3_attribute.weights.h5",
                        "tiny.keras")) {
            hdf5.add(Files.readAllBytes(TinyNetwork.resource(name)));
        }
        return Stream.of(
                weights("HDF5", ".h5", hdf5),
                weights("safetensors", ".safetensors", List.of(safetensors())));
    }

    private static byte[] safetensors() throws IOException {
        Map<String, INDArray> tensors = new TreeMap<>();
        for (Parameter parameter : Parameter.of(TinyNetwork.graph())) {
            tensors.put(parameter.key(TinyNetwork.TORCH), parameter.stored(Layout.TORCH));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SafetensorsWriter.write(out, tensors, Map.of("format", "pt"));
        return out.toByteArray();
    }

    private static Mutations weights(String name, String suffix, List<byte[]> valid) {
        ComputationGraph graph = TinyNetwork.graph();
        return new Mutations(
                name,
                suffix,
                valid,
                Mutations::damage,
                WeightsException.class,
                MOST_ALLOCATED,
                file -> {
                    TinyNetwork.open(file).fill(graph);
                    return Optional.empty();
                });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("readers")
    @Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void damagedFilesAreRefusedOrAccepted(Mutations mutations) throws IOException {
        mutations.runShort(folder);
    }

    @Tag("slow")
    @ParameterizedTest(name = "{0}")
    @MethodSource("readers")
    @Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void manyDamagedFilesAreRefusedOrAccepted(Mutations mutations, @TempDir Path kept) {
        mutations.runLong(folder, kept);
    }
}
