package org.deepcovid.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.training.TrainableLayers.LastStage;
import org.deepcovid.models.weights.LayerNaming;
import org.deepcovid.models.weights.LayerNaming.Layout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The names of real files, layer by layer. */
class LayerNamesTest {

    @ParameterizedTest
    @CsvSource({
        "conv1, conv1_conv, conv1, conv1",
        "bn1, conv1_bn, bn_conv1, bn1",
        "layer1.0.downsample.0, conv2_block1_0_conv, res2a_branch1, layer1.0.downsample.0",
        "layer1.0.downsample.1, conv2_block1_0_bn, bn2a_branch1, layer1.0.downsample.1",
        "layer1.0.conv1, conv2_block1_1_conv, res2a_branch2a, layer1.0.conv1",
        "layer3.5.bn2, conv4_block6_2_bn, bn4f_branch2b, layer3.5.bn2",
        "layer4.2.conv3, conv5_block3_3_conv, res5c_branch2c, layer4.2.conv3",
        "logits, predictions, fc1000, fc"
    })
    void residualNetworks(String layer, String keras, String oldKeras, String torch) {
        assertThat(ResNetNames.keras(layer)).isEqualTo(keras);
        assertThat(ResNetNames.oldKeras(layer)).isEqualTo(oldKeras);
        assertThat(ResNetNames.torch(layer)).isEqualTo(torch);
        assertThat(ResNetNames.kerasProbs(layer))
                .isEqualTo(keras.equals("predictions") ? "probs" : keras);
    }

    @ParameterizedTest
    @CsvSource({
        "squeezenet, fire9.squeeze",
        "resnet18, layer4.0.conv1",
        "densenet121, denseblock4.denselayer1.norm1"
    })
    void lastStages(String network, String layer) {
        try (Backbone backbone = Backbones.untrained(network, 1)) {
            assertThat(new LastStage().in(backbone).layer()).isEqualTo(layer);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "conv0, conv1/conv, features.conv0",
        "norm0, conv1/bn, features.norm0",
        "denseblock1.denselayer1.norm1, conv2_block1_0_bn, features.denseblock1.denselayer1.norm1",
        "denseblock1.denselayer1.conv1, conv2_block1_1_conv,"
                + " features.denseblock1.denselayer1.conv1",
        "denseblock3.denselayer24.norm2, conv4_block24_1_bn,"
                + " features.denseblock3.denselayer24.norm2",
        "denseblock3.denselayer24.conv2, conv4_block24_2_conv,"
                + " features.denseblock3.denselayer24.conv2",
        "transition1.norm, pool2_bn, features.transition1.norm",
        "transition3.conv, pool4_conv, features.transition3.conv",
        "norm5, bn, features.norm5",
        "logits, fc1000, classifier"
    })
    void denselyConnectedNetworks(String layer, String keras, String torch) {
        assertThat(DenseNetNames.keras(layer, "conv1/", "fc1000")).isEqualTo(keras);
        assertThat(DenseNetNames.torch(layer)).isEqualTo(torch);
    }

    @ParameterizedTest
    @CsvSource({
        "conv1, conv1, conv1, features.0",
        "fire2.squeeze, fire2/squeeze1x1, fire2_squeeze1x1, features.3.squeeze",
        "fire4.expand1x1, fire4/expand1x1, fire4_expand1x1, features.6.expand1x1",
        "fire5.expand3x3, fire5/expand3x3, fire5_expand3x3, features.7.expand3x3",
        "fire9.squeeze, fire9/squeeze1x1, fire9_squeeze1x1, features.12.squeeze",
        "conv10, conv10, conv10, classifier.1"
    })
    void squeezeNet(String layer, String keras, String underscored, String torch) {
        List<LayerNaming> namings = new SqueezeNet().namings();
        assertThat(namings)
                .extracting(naming -> naming.fileName().apply(layer))
                .containsExactly(keras, underscored, torch);
        assertThat(namings)
                .extracting(LayerNaming::layout)
                .containsExactly(Layout.KERAS, Layout.KERAS, Layout.TORCH);
    }

    static List<Network> networks() {
        return Backbones.names().stream().map(Backbones::network).toList();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void noTwoLayersShareAName(Network network) {
        List<String> layers = network.layers();
        assertThat(layers).hasSizeGreaterThan(20);
        for (LayerNaming naming : network.namings()) {
            assertThat(layers.stream().map(naming.fileName()).toList()).doesNotHaveDuplicates();
        }
    }
}
