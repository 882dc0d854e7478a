package org.deepcovid.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.testing.Failures.assertRejects;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.FittingData;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.tensors.SafetensorsReader;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.models.weights.WeightsFile.Flavour;
import org.deepcovid.testing.SyntheticRadiographs;
import org.deepcovid.testing.TinyBackbone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Whole classifiers as weights files. */
class ClassifierWeightsTest {

    @TempDir Path folder;

    private FineTuned fineTuned(Backbone backbone) {
        Path images = SyntheticRadiographs.writeParts(folder.resolve("images"), 3, 2, 1, 1);
        FittingData data = PatientSplitter.seeded(1).split(XrayDataset.read(images)).fitting();
        return CovidClassifier.fineTune(backbone, data, FineTuneConfig.defaults().withEpochs(2));
    }

    @ParameterizedTest
    @CsvSource({"squeezenet, head.weight", "resnet18, fc.weight"})
    void aClassifierReadsBackExactlyFromEitherLayout(String name, String head) throws IOException {
        Path torch = folder.resolve("classifier.safetensors");
        Path keras = folder.resolve("classifier.h5");
        try (FineTuned run = fineTuned(Backbones.untrained(name, 4))) {
            CovidClassifier classifier = run.classifier();
            Backbones.writeSafetensors(classifier, torch);
            Backbones.writeKerasWeights(classifier, keras);
            try (SafetensorsReader file = SafetensorsReader.open(torch)) {
                assertThat(file.readAll().get(head).shape())
                        .containsExactly(2, classifier.spec().featureChannels());
            }
            for (Path file : new Path[] {torch, keras}) {
                try (Backbone read = Backbones.load(name, file)) {
                    assertThat(read.spec()).isEqualTo(classifier.spec());
                    assertThat(values(read)).isEqualTo(expected(classifier));
                    assertSameScore(read, classifier);
                }
            }
        }
    }

    private static Map<String, INDArray> values(Backbone backbone) {
        return new TreeMap<>(backbone.parameters());
    }

    private static Map<String, INDArray> expected(CovidClassifier classifier) {
        Map<String, INDArray> values = values(classifier.backbone());
        int features = classifier.head().features();
        values.put(
                "logits/W",
                Nd4j.create(classifier.head().weights(), new long[] {2, features}).transpose());
        values.put("logits/b", Nd4j.createFromArray(classifier.head().bias()));
        return values;
    }

    private void assertSameScore(Backbone read, CovidClassifier classifier) {
        Path image = folder.resolve("images/test/covid/000.png");
        float[] pixels =
                new Preprocessing(read.spec().inputSize(), read.spec().normalization())
                        .apply(image);
        int size = read.spec().inputSize();
        INDArray images = Nd4j.create(pixels, new long[] {1, 3, size, size}, 'c');
        INDArray scores = Transforms.softmax(read.logits(images).orElseThrow());
        assertThat(scores.getDouble(0, 1))
                .isCloseTo(classifier.predict(image).positiveProbability(), within(1e-4));
    }

    @Test
    void theHeadOfPreTrainingIsReplaced() throws IOException {
        Path file = folder.resolve("classifier.safetensors");
        Network network = new SqueezeNet();
        Backbone pretrained = network.untrained(network.spec(Flavour.KERAS), OptionalInt.of(10), 1);
        try (FineTuned run = fineTuned(pretrained)) {
            CovidClassifier classifier = run.classifier();
            Backbones.writeSafetensors(classifier, file);
        }
        try (SafetensorsReader tensors = SafetensorsReader.open(file)) {
            assertThat(tensors.readAll())
                    .containsKey("head.bias")
                    .doesNotContainKey("classifier.1.weight");
        }
    }

    @Test
    void otherNetworksHaveNoNamesToWrite() {
        try (FineTuned run = fineTuned(TinyBackbone.random(1))) {
            Path file = folder.resolve("a");
            String reason = "tiny-test-network is none of the networks [densenet121";
            CovidClassifier classifier = run.classifier();
            assertRejects(() -> Backbones.writeSafetensors(classifier, file), reason);
            assertRejects(() -> Backbones.writeSafetensors(classifier.backbone(), file), reason);
        }
    }
}
