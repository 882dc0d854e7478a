package org.deepcovid.models;

import java.util.List;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.models.weights.LayerNaming;
import org.deepcovid.models.weights.LayerNaming.Layout;
import org.deepcovid.models.weights.PretrainedWeights;
import org.deepcovid.models.weights.WeightsFile.Flavour;

/**
 * ResNet-50 version 1 (He et al., 2016, DOI 10.1109/CVPR.2016.90): 3, 4, 6 and 3 bottleneck blocks.
 *
 * <p>Input [N, 3, 224, 224]; last feature map {@code layer4.2} [N, 2048, 7, 7]; pooled features [N,
 * 2048]; the pre-training head is one dense layer.
 *
 * <p>The weights decide the flavour. Keras files with convolution biases are Keras': a stage
 * strides in its first 1x1 convolution, inputs are normalised by {@link Normalization#CAFFE}, and
 * epsilon is 0.001 under the old names ({@code res2a_branch2a}) and 1.001e-5 under the later ones
 * ({@code conv2_block1_1_conv}), as Keras built the two generations. All others are torchvision's,
 * without biases: a stage strides in its 3x3 convolution, epsilon is 1e-5, inputs are normalised by
 * {@link Normalization#TORCH}.
 */
public final class ResNet50 extends Network {

    private static final List<Integer> DEPTHS = List.of(3, 4, 6, 3);
    private static final double OLD_KERAS_EPSILON = 1e-3;
    private static final double KERAS_EPSILON = 1.001e-5;
    private static final double TORCH_EPSILON = 1e-5;

    private static final LayerNaming OLD_KERAS =
            LayerNaming.keras("Keras before 2019 (res2a_branch2a)", ResNetNames::oldKeras);
    private static final List<LayerNaming> NAMINGS =
            List.of(
                    LayerNaming.keras(
                            "Keras Applications (conv2_block1_1_conv, predictions)",
                            ResNetNames::keras),
                    LayerNaming.keras(
                            "Keras Applications (conv2_block1_1_conv, probs)",
                            ResNetNames::kerasProbs),
                    OLD_KERAS,
                    LayerNaming.torch("torchvision (layer1.0.conv1, fc)", ResNetNames::torch));

    /** For {@link java.util.ServiceLoader}; users call {@link Backbones#load(String)}. */
    public ResNet50() {
        super("resnet-50", NAMINGS);
    }

    @Override
    BackboneSpec spec(Flavour flavour) {
        return spec(flavour, flavour == Flavour.KERAS ? OLD_KERAS_EPSILON : TORCH_EPSILON);
    }

    @Override
    BackboneSpec spec(PretrainedWeights weights) {
        boolean keras = weights.layout() == Layout.KERAS && weights.hasBias("conv1");
        Flavour flavour =
                weights.declaredFlavour().orElse(keras ? Flavour.KERAS : Flavour.TORCHVISION);
        boolean later = flavour == Flavour.KERAS && !weights.naming().equals(OLD_KERAS);
        double usual = later ? KERAS_EPSILON : spec(flavour).batchNormEpsilon();
        return spec(flavour, weights.declaredEpsilon().orElse(usual));
    }

    /** Other programs take epsilon from the generation of the names. */
    @Override
    LayerNaming namingFor(Layout layout, BackboneSpec spec) {
        return layout == Layout.KERAS && spec.batchNormEpsilon() == OLD_KERAS_EPSILON
                ? OLD_KERAS
                : super.namingFor(layout, spec);
    }

    private BackboneSpec spec(Flavour flavour, double epsilon) {
        return new BackboneSpec(
                architecture(),
                flavour.id(),
                new BackboneSpec.Input(
                        224, flavour == Flavour.KERAS ? Normalization.CAFFE : Normalization.TORCH),
                new BackboneSpec.Features(512 * ResNetBlocks.EXPANSION, 7, "layer4.2"),
                epsilon,
                new BackboneSpec.Source(
                        flavour == Flavour.KERAS
                                ? "MIT (ImageNet weights of Keras Applications)"
                                : "BSD-3-Clause (ImageNet weights of torchvision)",
                        "He et al. (2016), DOI 10.1109/CVPR.2016.90"));
    }

    @Override
    String addTrunk(GraphAssembly graph, BackboneSpec spec) {
        boolean keras = flavour(spec) == Flavour.KERAS;
        ResNetBlocks blocks = new ResNetBlocks(graph, keras, keras);
        return blocks.bottleneckStages(DEPTHS, blocks.stem());
    }
}
