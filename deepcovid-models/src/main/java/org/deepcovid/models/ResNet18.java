package org.deepcovid.models;

import java.util.List;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.models.weights.LayerNaming;
import org.deepcovid.models.weights.PretrainedWeights;
import org.deepcovid.models.weights.WeightsException;
import org.deepcovid.models.weights.WeightsFile.Flavour;

/**
 * ResNet-18 version 1 (He et al., 2016, DOI 10.1109/CVPR.2016.90): four stages of two blocks of two
 * 3x3 convolutions, activation after the addition.
 *
 * <p>Input [N, 3, 224, 224], normalised by {@link Normalization#TORCH}; last feature map {@code
 * layer4.1} [N, 512, 7, 7]; pooled features [N, 512]; the pre-training head is one dense layer.
 *
 * <p>Keras Applications has no ResNet-18, so there is one flavour, torchvision's: no convolution
 * biases, epsilon 1e-5. Its weights may come in a Keras file with names in the manner of Keras
 * Applications.
 */
public final class ResNet18 extends Network {

    private static final List<Integer> DEPTHS = List.of(2, 2, 2, 2);
    private static final double EPSILON = 1e-5;

    private static final List<LayerNaming> NAMINGS =
            List.of(
                    LayerNaming.keras(
                            "Keras (conv2_block1_1_conv, predictions)", ResNetNames::keras),
                    LayerNaming.torch("torchvision (layer1.0.conv1, fc)", ResNetNames::torch));

    /** For {@link java.util.ServiceLoader}; users call {@link Backbones#load(String)}. */
    public ResNet18() {
        super("resnet-18", NAMINGS);
    }

    @Override
    BackboneSpec spec(Flavour flavour) {
        if (flavour != Flavour.TORCHVISION) {
            throw new WeightsException(
                    "there is no ResNet-18 of flavour %s; expected torchvision"
                            .formatted(flavour.id()));
        }
        return spec(EPSILON);
    }

    @Override
    BackboneSpec spec(PretrainedWeights weights) {
        BackboneSpec usual = spec(weights.declaredFlavour().orElse(Flavour.TORCHVISION));
        return spec(weights.declaredEpsilon().orElse(usual.batchNormEpsilon()));
    }

    private BackboneSpec spec(double epsilon) {
        return new BackboneSpec(
                architecture(),
                Flavour.TORCHVISION.id(),
                new BackboneSpec.Input(224, Normalization.TORCH),
                new BackboneSpec.Features(512, 7, "layer4.1"),
                epsilon,
                new BackboneSpec.Source(
                        "BSD-3-Clause (ImageNet weights of torchvision)",
                        "He et al. (2016), DOI 10.1109/CVPR.2016.90"));
    }

    @Override
    String addTrunk(GraphAssembly graph, BackboneSpec spec) {
        ResNetBlocks blocks = new ResNetBlocks(graph, false, false);
        return blocks.basicStages(DEPTHS, blocks.stem());
    }
}
