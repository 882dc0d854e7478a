package org.deepcovid.models;

import java.util.List;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.models.GraphAssembly.Conv;
import org.deepcovid.models.weights.LayerNaming;
import org.deepcovid.models.weights.PretrainedWeights;
import org.deepcovid.models.weights.WeightsFile;
import org.deepcovid.models.weights.WeightsFile.Flavour;

/**
 * DenseNet-121 (Huang et al., 2017, DOI 10.1109/CVPR.2017.243): dense blocks of 6, 12, 24 and 16
 * layers, each layer seeing the channels of all layers before it in its block.
 *
 * <p>Input [N, 3, 224, 224], normalised by {@link Normalization#TORCH}; last feature map {@code
 * relu5} [N, 1024, 7, 7]; pooled features [N, 1024]; the pre-training head is one dense layer.
 *
 * <p>The flavours differ in the epsilon of batch normalisation, 1.001e-5 in Keras Applications and
 * 1e-5 in torchvision, which no file tells. Keras files are taken for Keras' flavour and
 * safetensors files for torchvision's, unless {@link WeightsFile#withFlavour} says otherwise.
 */
public final class DenseNet121 extends Network {

    private static final List<Integer> DEPTHS = List.of(6, 12, 24, 16);
    private static final int GROWTH = 32;
    private static final int STEM = 64;
    private static final double KERAS_EPSILON = 1.001e-5;
    private static final double TORCH_EPSILON = 1e-5;

    private static final List<LayerNaming> NAMINGS =
            List.of(
                    LayerNaming.keras(
                            "Keras Applications (conv1/conv, predictions)",
                            layer -> DenseNetNames.keras(layer, "conv1/", "predictions")),
                    LayerNaming.keras(
                            "Keras Applications (conv1/conv, fc1000)",
                            layer -> DenseNetNames.keras(layer, "conv1/", "fc1000")),
                    LayerNaming.keras(
                            "Keras Applications (conv1_conv, predictions)",
                            layer -> DenseNetNames.keras(layer, "conv1_", "predictions")),
                    LayerNaming.torch(
                            "torchvision (features.conv0, classifier)", DenseNetNames::torch));

    /** For {@link java.util.ServiceLoader}; users call {@link Backbones#load(String)}. */
    public DenseNet121() {
        super("densenet-121", NAMINGS);
    }

    @Override
    BackboneSpec spec(Flavour flavour) {
        return spec(flavour, flavour == Flavour.KERAS ? KERAS_EPSILON : TORCH_EPSILON);
    }

    @Override
    BackboneSpec spec(PretrainedWeights weights) {
        Flavour flavour = weights.declaredFlavour().orElse(byLayout(weights));
        return spec(flavour, weights.declaredEpsilon().orElse(spec(flavour).batchNormEpsilon()));
    }

    private BackboneSpec spec(Flavour flavour, double epsilon) {
        return new BackboneSpec(
                architecture(),
                flavour.id(),
                new BackboneSpec.Input(224, Normalization.TORCH),
                new BackboneSpec.Features(1024, 7, "relu5"),
                epsilon,
                new BackboneSpec.Source(
                        "BSD-3-Clause (authors' release of the ImageNet weights)",
                        "Huang et al. (2017), DOI 10.1109/CVPR.2017.243"));
    }

    @Override
    String addTrunk(GraphAssembly graph, BackboneSpec spec) {
        String x = stem(graph);
        int channels = STEM;
        for (int block = 1; block <= DEPTHS.size(); block++) {
            x = denseBlock(graph, block, x);
            channels += DEPTHS.get(block - 1) * GROWTH;
            if (block < DEPTHS.size()) {
                channels /= 2;
                x = transition(graph, "transition" + block, channels, x);
            }
        }
        return graph.relu("relu5", graph.batchNorm("norm5", x));
    }

    private static String stem(GraphAssembly graph) {
        String x = graph.conv("conv0", new Conv(STEM, 7, 2, 3, false), GraphAssembly.IMAGES);
        x = graph.relu("relu0", graph.batchNorm("norm0", x));
        return graph.maxPool("pool0", 3, 2, 1, x);
    }

    private static String denseBlock(GraphAssembly graph, int block, String input) {
        String x = input;
        for (int layer = 1; layer <= DEPTHS.get(block - 1); layer++) {
            x = denseLayer(graph, "denseblock%d.denselayer%d".formatted(block, layer), x);
        }
        return x;
    }

    /** Squeezes to four times the growth, convolves, and joins the result to the input. */
    private static String denseLayer(GraphAssembly graph, String name, String input) {
        String x = graph.relu(name + ".relu1", graph.batchNorm(name + ".norm1", input));
        x = graph.conv(name + ".conv1", new Conv(4 * GROWTH, 1, 1, 0, false), x);
        x = graph.relu(name + ".relu2", graph.batchNorm(name + ".norm2", x));
        x = graph.conv(name + ".conv2", new Conv(GROWTH, 3, 1, 1, false), x);
        return graph.concat(name, input, x);
    }

    private static String transition(GraphAssembly graph, String name, int channels, String input) {
        String x = graph.relu(name + ".relu", graph.batchNorm(name + ".norm", input));
        x = graph.conv(name + ".conv", new Conv(channels, 1, 1, 0, false), x);
        return graph.averagePool(name + ".pool", 2, 2, x);
    }
}
