package org.deepcovid.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import java.nio.file.Path;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.models.weights.PretrainedWeights;
import org.deepcovid.models.weights.WeightsException;
import org.deepcovid.models.weights.WeightsFile;
import org.deepcovid.models.weights.WeightsFile.Flavour;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a network concludes from a file, here of one layer. */
class FlavourRulesTest {

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({
        "resnet50, conv1, true, keras, 1e-3",
        "resnet50, conv1_conv, true, keras, 1.001e-5",
        "resnet50, conv1_conv, false, torchvision, 1e-5",
        "resnet18, conv1_conv, false, torchvision, 1e-5",
        "densenet121, conv1/conv, false, keras, 1.001e-5",
        "densenet121, conv1_conv, false, keras, 1.001e-5",
        "squeezenet, conv1, true, keras, 0"
    })
    void theFileDecides(
            String network, String layer, boolean bias, String flavour, double epsilon) {
        BackboneSpec spec = spec(network, WeightsFile.of(file(layer, bias)));
        assertThat(spec.flavour()).isEqualTo(flavour);
        assertThat(spec.batchNormEpsilon()).isEqualTo(epsilon);
    }

    @ParameterizedTest
    @CsvSource({
        "resnet50, KERAS, CAFFE",
        "resnet50, TORCHVISION, TORCH",
        "squeezenet, KERAS, CAFFE",
        "squeezenet, TORCHVISION, TORCH",
        "resnet18, TORCHVISION, TORCH",
        "densenet121, KERAS, TORCH",
        "densenet121, TORCHVISION, TORCH"
    })
    void theFlavourDecidesTheNormalisation(String network, Flavour flavour, String expected) {
        assertThat(Backbones.network(network).spec(flavour).normalization())
                .isEqualTo(expected.equals("CAFFE") ? Normalization.CAFFE : Normalization.TORCH);
    }

    @Test
    void theCallerMaySayWhatNoFileTells() {
        WeightsFile file = WeightsFile.of(file("conv1/conv", false));
        assertThat(spec("densenet121", file.withFlavour(Flavour.TORCHVISION)))
                .isEqualTo(new DenseNet121().spec(Flavour.TORCHVISION));
    }

    @Test
    void thereIsNoResNet18OfKeras() {
        WeightsFile file = WeightsFile.of(file("conv1_conv", false)).withFlavour(Flavour.KERAS);
        assertThatExceptionOfType(WeightsException.class)
                .isThrownBy(() -> spec("resnet18", file))
                .withMessageContaining("no ResNet-18 of flavour keras");
    }

    private static BackboneSpec spec(String name, WeightsFile file) {
        Network network = Backbones.network(name);
        return network.spec(
                PretrainedWeights.open(name, file, network.layers(), network.namings()));
    }

    /** Keras weights of one convolution of one value. */
    private Path file(String layer, boolean bias) {
        Path file = folder.resolve("one.h5");
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            hdf.putAttribute("layer_names", new String[] {layer});
            WritableGroup group = hdf;
            for (String name : layer.split("/")) {
                group = group.putGroup(name);
            }
            group.putDataset("kernel:0", new float[1][1][1][1]);
            if (bias) {
                group.putDataset("bias:0", new float[1]);
            }
            group.putAttribute(
                    "weight_names",
                    bias ? new String[] {"kernel:0", "bias:0"} : new String[] {"kernel:0"});
        }
        return file;
    }
}
