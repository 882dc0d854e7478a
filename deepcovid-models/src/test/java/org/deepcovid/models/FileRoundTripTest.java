package org.deepcovid.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.model.tensors.SafetensorsReader;
import org.deepcovid.core.model.tensors.SafetensorsWriter;
import org.deepcovid.models.catalogue.CatalogueEntry;
import org.deepcovid.models.catalogue.WeightsCatalogue;
import org.deepcovid.models.weights.LayerNaming;
import org.deepcovid.models.weights.LayerNaming.Layout;
import org.deepcovid.models.weights.WeightsFile;
import org.deepcovid.models.weights.WeightsFile.Flavour;
import org.deepcovid.testing.SharedData;
import org.deeplearning4j.nn.modelimport.keras.Hdf5Archive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FileRoundTripTest {

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({
        "squeezenet, KERAS",
        "squeezenet, TORCHVISION",
        "resnet18, TORCHVISION",
        "resnet50, KERAS",
        "densenet121, KERAS"
    })
    void writtenWeightsReadBackExactlyWithTheirSpec(String name, Flavour flavour)
            throws IOException {
        Network network = Backbones.network(name);
        Path keras = folder.resolve("weights.h5");
        Path torch = folder.resolve("weights.safetensors");
        try (Backbone original = network.untrained(network.spec(flavour), OptionalInt.of(3), 9)) {
            Backbones.writeKerasWeights(original, keras);
            Backbones.writeSafetensors(original, torch);
            for (Path file : new Path[] {keras, torch}) {
                try (Backbone read = Backbones.load(name, file)) {
                    assertThat(read.spec()).isEqualTo(original.spec());
                    assertThat(read.origin().trained()).isFalse();
                    assertSameBits(read, original);
                }
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(keras, torch);
        }
    }

    @Test
    void bothFilesOfOneSetGiveTheSameResNet18() {
        try (Backbone keras =
                        Backbones.load(
                                "resnet18", SharedData.path("weights/resnet18_random_keras.h5"));
                Backbone torch =
                        Backbones.load(
                                "resnet18",
                                SharedData.path(
                                        "weights/resnet18_random_torchvision.safetensors"))) {
            assertThat(keras.spec()).isEqualTo(torch.spec());
            assertSameBits(keras, torch);
        }
    }

    @Test
    void filesWithoutDeclarationsFollowTheRuleOfTheirNetwork() throws IOException {
        Path file = folder.resolve("plain.safetensors");
        Network network = new DenseNet121();
        try (Backbone original =
                network.untrained(network.spec(Flavour.KERAS), OptionalInt.empty(), 3)) {
            Backbones.writeSafetensors(original, file);
            Map<String, INDArray> tensors = tensors(file);
            write(file, oldDottedNames(tensors));
            try (Backbone read = Backbones.load("densenet121", file)) {
                assertThat(read.spec()).isEqualTo(network.spec(Flavour.TORCHVISION));
                assertSameBits(read, original);
                assertThat(read.logits(Nd4j.zeros(DataType.FLOAT, 1, 3, 224, 224))).isEmpty();
            }
            WeightsFile keras = WeightsFile.of(file).withFlavour(Flavour.KERAS);
            try (Backbone read = Backbones.load("densenet121", keras)) {
                assertThat(read.spec()).isEqualTo(network.spec(Flavour.KERAS));
            }
        }
    }

    /** timm's names with counters and no declarations, and a head of any size. */
    @ParameterizedTest
    @ValueSource(ints = {1, 14})
    void theChestNetworkLoadsAsTheCatalogueSays(int classes) throws IOException {
        CatalogueEntry entry = WeightsCatalogue.entry("densenet121-cxr");
        Path file = folder.resolve("model.safetensors");
        Network network = new DenseNet121();
        BackboneSpec spec = network.spec(Flavour.TORCHVISION);
        try (Backbone original = network.untrained(spec, OptionalInt.of(classes), 3)) {
            Backbones.writeSafetensors(original, file);
            Map<String, INDArray> tensors = new HashMap<>(tensors(file));
            assertThat(tensors.get("classifier.weight").shape()).containsExactly(classes, 1024);
            for (String name : List.copyOf(tensors.keySet())) {
                if (name.endsWith(".running_mean")) {
                    tensors.put(
                            name.replace("running_mean", "num_batches_tracked"),
                            Nd4j.ones(DataType.FLOAT, 1));
                }
            }
            write(file, tensors);
            WeightsFile weights = WeightsFile.of(file).withFlavour(entry.flavour());
            try (Backbone read = Backbones.load(entry.network(), weights)) {
                assertThat(read.spec()).isEqualTo(spec);
                assertThat(read.spec().normalization()).isEqualTo(Normalization.TORCH);
                assertThat(entry.normalisation()).isEqualTo("torch");
                assertSameBits(read, original);
            }
        }
    }

    /** As torchvision's first DenseNet files have them, with counters. */
    private static Map<String, INDArray> oldDottedNames(Map<String, INDArray> tensors) {
        Map<String, INDArray> renamed = new HashMap<>();
        tensors.forEach(
                (name, array) ->
                        renamed.put(
                                name.replaceFirst("(denselayer\\d+\\.(?:norm|conv))(\\d)", "$1.$2"),
                                array));
        assertThat(renamed).containsKey("features.denseblock1.denselayer1.norm.1.weight");
        renamed.put("features.norm0.num_batches_tracked", Nd4j.ones(DataType.FLOAT, 1));
        return renamed;
    }

    @Test
    void aDamagedTargetFolderLeavesTheOldFileAlone() throws IOException {
        try (Backbone backbone = Backbones.untrained("squeezenet", 1)) {
            Path folderInTheWay = Files.createDirectories(folder.resolve("weights.h5/inside"));
            assertThatIOException()
                    .isThrownBy(
                            () ->
                                    Backbones.writeKerasWeights(
                                            backbone, folderInTheWay.getParent()));
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files).containsExactly(folderInTheWay.getParent());
            }
        }
    }

    /** As DL4J reads them, through the HDF5 library itself. */
    @ParameterizedTest
    @ValueSource(strings = {"densenet121", "resnet18", "resnet50", "squeezenet"})
    void otherReadersFindTheWeightsByTheirKerasNames(String name) throws Exception {
        Map<String, String> keras =
                Map.of(
                        "W",
                        "kernel:0",
                        "b",
                        "bias:0",
                        "gamma",
                        "gamma:0",
                        "beta",
                        "beta:0",
                        "mean",
                        "moving_mean:0",
                        "var",
                        "moving_variance:0");
        Path file = folder.resolve("weights.h5");
        Network network = Backbones.network(name);
        try (Backbone backbone = Backbones.untrained(name, 1)) {
            Backbones.writeKerasWeights(backbone, file);
            LayerNaming naming = network.namingFor(Layout.KERAS, backbone.spec());
            try (Hdf5Archive archive = new Hdf5Archive(file.toString())) {
                for (Map.Entry<String, INDArray> entry : backbone.parameters().entrySet()) {
                    String[] parts = entry.getKey().split("/");
                    String layer = naming.fileName().apply(parts[0]);
                    INDArray found =
                            archive.readDataSet(
                                    keras.get(parts[1]), (layer + "/" + layer).split("/"));
                    assertThat(found.rank() == 4 ? found.permute(3, 2, 0, 1) : found)
                            .as("%s", entry.getKey())
                            .isEqualTo(
                                    entry.getValue()
                                            .reshape(
                                                    found.rank() == 4
                                                            ? entry.getValue().shape()
                                                            : found.shape()));
                }
            }
        }
    }

    private static void assertSameBits(Backbone found, Backbone expected) {
        assertThat(found.parameters().keySet()).isEqualTo(expected.parameters().keySet());
        assertThat(found.graph().params().data().asFloat())
                .isEqualTo(expected.graph().params().data().asFloat());
    }

    private static Map<String, INDArray> tensors(Path file) throws IOException {
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            return reader.readAll();
        }
    }

    private static void write(Path file, Map<String, INDArray> tensors) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        SafetensorsWriter.write(bytes, tensors, Map.of());
        Files.write(file, bytes.toByteArray());
    }
}
