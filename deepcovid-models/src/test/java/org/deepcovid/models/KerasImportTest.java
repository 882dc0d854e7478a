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
import java.util.Random;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.models.weights.LayerNaming;
import org.deepcovid.models.weights.Layout;
import org.deepcovid.models.weights.WeightsWriter;
import org.deepcovid.testing.SharedData;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.KerasModelImport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * DL4J's own Keras import as a second opinion on our reading, writing and graphs: a whole-model
 * file with our weights, read by the native HDF5 library and run channels last, gives the same
 * logits.
 */
final class KerasImportTest {

    @TempDir Path folder;

    @Test
    void squeezeNetGivesTheSameLogits() throws Exception {
        try (Backbone backbone =
                SqueezeNet.pretrained(
                        SharedData.path("weights/squeezenet_v1.1_imagenet_keras.h5"))) {
            assertSameLogits(backbone);
        }
    }

    @Test
    void resNet18GivesTheSameLogits() throws Exception {
        try (Backbone backbone =
                ResNet18.pretrained(SharedData.path("weights/resnet18_random_keras.h5"))) {
            assertSameLogits(backbone);
        }
    }

    private void assertSameLogits(Backbone backbone) throws Exception {
        INDArray images = noise();
        INDArray expected = backbone.logits(images).orElseThrow();
        INDArray found = importedLogits(modelFile(backbone), images);
        double scale = expected.amaxNumber().doubleValue();
        assertThat(scale).isGreaterThan(0.1);
        assertThat(Golden.worst(found, expected) / scale).isCloseTo(0, within(1e-4));
    }

    /** Slashes would be groups within groups, which the import does not follow. */
    private static String flat(String layer) {
        return layer.replace('.', '_');
    }

    private static INDArray noise() {
        Random random = new Random(11);
        float[] values = new float[3 * 224 * 224];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (50 * random.nextGaussian());
        }
        return Nd4j.create(values, new long[] {1, 3, 224, 224}, 'c');
    }

    private Path modelFile(Backbone backbone) throws Exception {
        Path weights = folder.resolve("weights.h5");
        WeightsWriter.write(
                weights, backbone, new LayerNaming("flat", Layout.KERAS, KerasImportTest::flat));
        String json =
                KerasModelJson.of(
                        backbone.graph(),
                        Backbone.LOGITS,
                        backbone.spec().inputSize(),
                        KerasImportTest::flat);
        Path model = folder.resolve("model.h5");
        try (HdfFile from = new HdfFile(weights);
                WritableHdfFile to = HdfFile.write(model)) {
            to.putAttribute("model_config", json);
            to.putAttribute("keras_version", "2.2.4");
            to.putAttribute("backend", "tensorflow");
            copy(from, to.putGroup("model_weights"));
        }
        return model;
    }

    private static void copy(Group from, WritableGroup to) {
        from.getAttributes().forEach((name, value) -> to.putAttribute(name, value.getData()));
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
