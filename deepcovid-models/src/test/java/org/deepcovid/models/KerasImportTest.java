package org.deepcovid.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.WritableGroup;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.models.weights.LayerNaming;
import org.deepcovid.models.weights.LayerNaming.Layout;
import org.deepcovid.models.weights.WeightsFile.Flavour;
import org.deepcovid.models.weights.WeightsWriter;
import org.deepcovid.testing.SharedData;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.KerasModelImport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Compares reading, writing and graphs with DL4J's own Keras import, which reads a whole-model file
 * with Keras' layer names through the native HDF5 library and runs it channels last.
 */
final class KerasImportTest {

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({
        "squeezenet, squeezenet_v1.1_imagenet_keras.h5",
        "resnet18, resnet18_random_keras.h5"
    })
    void publishedAndCalibratedWeightsGiveTheSameLogits(String name, String file) throws Exception {
        try (Backbone backbone = Backbones.load(name, SharedData.path("weights/" + file))) {
            Path model = modelFile(Backbones.network(name), backbone);
            try (Backbone read = Backbones.load(name, model)) {
                assertThat(read.spec()).isEqualTo(backbone.spec());
            }
            assertSameLogits(name, backbone, model);
        }
    }

    /**
     * On small inputs, since the import runs without the fast kernels. The descriptions of the
     * other two networks are longer than an attribute of the HDF5 writer at hand can be.
     */
    @ParameterizedTest
    @CsvSource({"squeezenet, KERAS", "resnet18, TORCHVISION"})
    void randomWeightsGiveTheSameLogits(String name, Flavour flavour) throws Exception {
        Network network = Backbones.network(name);
        BackboneSpec spec = BackboneContractTest.small(network.spec(flavour));
        try (Backbone backbone = network.untrained(spec, OptionalInt.of(10), 1)) {
            assertSameLogits(name, backbone, modelFile(network, backbone));
        }
    }

    private static void assertSameLogits(String name, Backbone backbone, Path model)
            throws Exception {
        try (Backbone read = Backbones.load(name, model)) {
            assertThat(read.graph().params()).isEqualTo(backbone.graph().params());
        }
        INDArray images = noise(backbone.spec().inputSize());
        INDArray expected = backbone.logits(images).orElseThrow();
        INDArray found = importedLogits(model, images);
        double scale = expected.amaxNumber().doubleValue();
        assertThat(scale).isGreaterThan(0.01);
        assertThat(Golden.worst(found, expected) / scale).isCloseTo(0, within(1e-4));
    }

    /** Slashes would be groups within groups, which the import does not follow. */
    private static LayerNaming naming(Network network, Backbone backbone) {
        LayerNaming usual = network.namingFor(Layout.KERAS, backbone.spec());
        return Stream.concat(Stream.of(usual), network.namings().stream())
                .filter(naming -> naming.layout() == Layout.KERAS)
                .filter(
                        naming ->
                                network.layers().stream()
                                        .map(naming.fileName())
                                        .noneMatch(layer -> layer.contains("/")))
                .findFirst()
                .orElseThrow();
    }

    /** Layers without parameters have no names in files; any will do. */
    private static String nameInModel(
            Set<String> withParameters, LayerNaming naming, String layer) {
        return withParameters.contains(layer)
                ? naming.fileName().apply(layer)
                : "x_" + layer.replace('.', '_');
    }

    private static INDArray noise(int size) {
        Random random = new Random(11);
        float[] values = new float[3 * size * size];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (50 * random.nextGaussian());
        }
        return Nd4j.create(values, new long[] {1, 3, size, size}, 'c');
    }

    private Path modelFile(Network network, Backbone backbone) throws Exception {
        LayerNaming naming = naming(network, backbone);
        Set<String> withParameters = Set.copyOf(network.layers());
        Path weights = folder.resolve("weights.h5");
        WeightsWriter.write(weights, backbone, naming);
        String json =
                KerasModelJson.of(
                        backbone.graph(),
                        Backbone.LOGITS,
                        backbone.spec().inputSize(),
                        layer -> nameInModel(withParameters, naming, layer));
        Path model = folder.resolve("model.h5");
        try (HdfFile from = new HdfFile(weights);
                WritableHdfFile to = HdfFile.write(model)) {
            to.putAttribute("model_config", json);
            to.putAttribute("keras_version", "2.2.4");
            to.putAttribute("backend", "tensorflow");
            copyAttributes(from, to, "deepcovid_"); // flavour and epsilon, which names do not tell
            copy(from, to.putGroup("model_weights"));
        }
        return model;
    }

    private static void copyAttributes(Group from, WritableGroup to, String prefix) {
        from.getAttributes().entrySet().stream()
                .filter(attribute -> attribute.getKey().startsWith(prefix))
                .forEach(a -> to.putAttribute(a.getKey(), a.getValue().getData()));
    }

    private static void copy(Group from, WritableGroup to) {
        copyAttributes(from, to, "");
        for (Node child : from.getChildren().values()) {
            if (child instanceof Group group) {
                copy(group, to.putGroup(child.getName()));
            } else {
                to.putDataset(child.getName(), ((Dataset) child).getData());
            }
        }
    }

    /** Channels last is wrong with oneDNN, in DL4J's helpers and in ND4J's, so both are put off. */
    private static INDArray importedLogits(Path model, INDArray images) throws Exception {
        DeepCovidRuntime.initialise();
        String before = System.getProperty(DeepCovidRuntime.HELPERS_DISABLE);
        boolean allowed = Nd4j.getEnvironment().helpersAllowed();
        System.setProperty(DeepCovidRuntime.HELPERS_DISABLE, "true");
        Nd4j.getEnvironment().allowHelpers(false);
        try {
            ComputationGraph imported =
                    KerasModelImport.importKerasModelAndWeights(model.toString(), false);
            INDArray logits = imported.outputSingle(images.permute(0, 2, 3, 1).dup('c')).dup('c');
            imported.close();
            return logits;
        } finally {
            Nd4j.getEnvironment().allowHelpers(allowed);
            if (before == null) {
                System.clearProperty(DeepCovidRuntime.HELPERS_DISABLE);
            } else {
                System.setProperty(DeepCovidRuntime.HELPERS_DISABLE, before);
            }
        }
    }
}
