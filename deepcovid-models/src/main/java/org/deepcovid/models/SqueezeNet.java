package org.deepcovid.models;

import java.nio.file.Path;
import java.util.List;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.models.GraphAssembly.Conv;
import org.deepcovid.models.weights.LayerNaming;
import org.deepcovid.models.weights.PretrainedWeights;
import org.deepcovid.models.weights.WeightsFile;
import org.deepcovid.models.weights.WeightsFile.Flavour;

/**
 * SqueezeNet 1.1 (Iandola et al., 2016, arXiv:1602.07360; version 1.1 as its authors published it
 * later): eight fire modules, each squeezing to few channels and expanding by 1x1 and 3x3
 * convolutions side by side. No batch normalisation.
 *
 * <p>Input [N, 3, 224, 224]; last feature map {@code fire9} [N, 512, 13, 13]; pooled features [N,
 * 512]. The pre-training head is a 1x1 convolution {@code conv10}, ReLU and global average, so its
 * logits are not negative. A classifier's linear head on the pooled features, which that form
 * cannot hold, is a dense layer that files call {@code head}.
 *
 * <p>Both flavours have one graph and differ in normalisation: Keras files carry {@link
 * Normalization#CAFFE}, safetensors files with torchvision's names {@link Normalization#TORCH}.
 */
public final class SqueezeNet extends Network {

    /** Resource with the weights that come with this library. */
    static final String BUNDLED = "squeezenet-1.1-deepcovid.safetensors";

    /** The images that those weights were learned from, a short hash per line. */
    static final String BUNDLED_IMAGES = "squeezenet-1.1-deepcovid.images";

    static final String BUNDLED_SHA_256 =
            "e09f1f78e467528a327dd40282af32eeb59ae07cb87ebee0526620078161c69f";

    private static final String CONV10 = "conv10";
    private static final String LINEAR_HEAD = "head";
    private static final List<Integer> TORCH_FIRES = List.of(3, 4, 6, 7, 9, 10, 11, 12);

    private static final List<LayerNaming> NAMINGS =
            List.of(
                    LayerNaming.keras("Keras (fire2/squeeze1x1)", layer -> kerasName(layer, "/")),
                    LayerNaming.keras("Keras (fire2_squeeze1x1)", layer -> kerasName(layer, "_")),
                    LayerNaming.torch("torchvision (features.3.squeeze)", SqueezeNet::torchName));

    /** For {@link java.util.ServiceLoader}; users call {@link Backbones#load(String)}. */
    public SqueezeNet() {
        super("squeezenet-1.1", NAMINGS);
    }

    /** The weights inside this jar; see {@link Backbones#bundled()}. */
    Backbone bundled(byte[] content, List<String> images) {
        BackboneSpec usual = spec(Flavour.TORCHVISION);
        BackboneSpec spec =
                new BackboneSpec(
                        usual.architecture(),
                        usual.flavour(),
                        usual.input(),
                        usual.features(),
                        usual.batchNormEpsilon(),
                        new BackboneSpec.Source(
                                "Apache-2.0 (trained by this project from random weights)",
                                usual.paper()));
        WeightsFile file =
                WeightsFile.of(Path.of(BUNDLED))
                        .withFlavour(Flavour.TORCHVISION)
                        .withSha256(BUNDLED_SHA_256)
                        .withImages(images);
        return load(spec, file, content);
    }

    @Override
    BackboneSpec spec(Flavour flavour) {
        return new BackboneSpec(
                architecture(),
                flavour.id(),
                new BackboneSpec.Input(
                        224, flavour == Flavour.KERAS ? Normalization.CAFFE : Normalization.TORCH),
                new BackboneSpec.Features(512, 13, "fire9"),
                0,
                new BackboneSpec.Source(
                        "BSD-2-Clause (authors' release of the ImageNet weights)",
                        "Iandola et al. (2016), arXiv:1602.07360"));
    }

    @Override
    BackboneSpec spec(PretrainedWeights weights) {
        return spec(weights.declaredFlavour().orElse(byLayout(weights)));
    }

    @Override
    String addTrunk(GraphAssembly graph, BackboneSpec spec) {
        String x = graph.convRelu("conv1", new Conv(64, 3, 2, 0, true), GraphAssembly.IMAGES);
        x = stage(graph, 1, 2, 16, 64, x);
        x = stage(graph, 3, 4, 32, 128, x);
        x = stage(graph, 5, 6, 48, 192, x);
        return fire(graph, "fire9", 64, 256, fire(graph, "fire8", 64, 256, x));
    }

    /** Max pooling and two fire modules; the last stage's second pair follows without pooling. */
    private static String stage(
            GraphAssembly graph, int pool, int first, int squeeze, int expand, String input) {
        String x = graph.maxPool("pool" + pool, 3, 2, 0, input);
        x = fire(graph, "fire" + first, squeeze, expand, x);
        return fire(graph, "fire" + (first + 1), squeeze, expand, x);
    }

    private static String fire(
            GraphAssembly graph, String name, int squeeze, int expand, String input) {
        String squeezed =
                graph.convRelu(name + ".squeeze", new Conv(squeeze, 1, 1, 0, true), input);
        String one = graph.convRelu(name + ".expand1x1", new Conv(expand, 1, 1, 0, true), squeezed);
        String three =
                graph.convRelu(name + ".expand3x3", new Conv(expand, 3, 1, 1, true), squeezed);
        return graph.concat(name, one, three);
    }

    @Override
    String headLayer() {
        return CONV10;
    }

    @Override
    String addHead(GraphAssembly graph, int classes, String map, String features) {
        String x = graph.convRelu(CONV10, new Conv(classes, 1, 1, 0, true), map);
        return graph.globalAverage(Backbone.LOGITS, x);
    }

    private static String kerasName(String layer, String separator) {
        if (layer.equals(Backbone.LOGITS)) {
            return LINEAR_HEAD;
        }
        return layer.replace(".squeeze", ".squeeze1x1").replace(".", separator);
    }

    private static String torchName(String layer) {
        if (layer.equals("conv1")) {
            return "features.0";
        }
        if (layer.equals(CONV10)) {
            return "classifier.1";
        }
        if (layer.equals(Backbone.LOGITS)) {
            return LINEAR_HEAD;
        }
        int fire = layer.charAt("fire".length()) - '2';
        return "features." + TORCH_FIRES.get(fire) + layer.substring(layer.indexOf('.'));
    }
}
