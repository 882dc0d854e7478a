package org.deepcovid.models;

import java.nio.file.Path;
import java.util.List;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.models.GraphAssembly.Conv;
import org.deepcovid.models.weights.Flavour;
import org.deepcovid.models.weights.LayerNaming;
import org.deepcovid.models.weights.Layout;
import org.deepcovid.models.weights.PretrainedWeights;
import org.deepcovid.models.weights.WeightsFile;

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

    private static final String NAME = "squeezenet-1.1";
    private static final String CONV10 = "conv10";
    private static final String LINEAR_HEAD = "head";
    private static final List<Integer> TORCH_FIRES = List.of(3, 4, 6, 7, 9, 10, 11, 12);

    private static final List<LayerNaming> NAMINGS =
            List.of(
                    new LayerNaming(
                            "Keras (fire2/squeeze1x1)",
                            Layout.KERAS,
                            layer -> kerasName(layer, "/")),
                    new LayerNaming(
                            "Keras (fire2_squeeze1x1)",
                            Layout.KERAS,
                            layer -> kerasName(layer, "_")),
                    new LayerNaming(
                            "torchvision (features.3.squeeze)",
                            Layout.TORCH,
                            SqueezeNet::torchName));

    /** For {@link java.util.ServiceLoader}; users call {@link #pretrained(Path)}. */
    public SqueezeNet() {}

    /**
     * Loads pre-trained weights.
     *
     * @param weights Keras HDF5 or zip file, or safetensors file
     * @return the network, with its head if the file has one
     * @throws org.deepcovid.models.weights.WeightsException if the file cannot be read or does not
     *     hold exactly this network's weights
     */
    public static Backbone pretrained(Path weights) {
        return pretrained(WeightsFile.of(weights));
    }

    /**
     * Loads weights of which more is known than the path.
     *
     * @param weights the file
     * @return as for {@link #pretrained(Path)}
     * @throws org.deepcovid.models.weights.WeightsException as for {@link #pretrained(Path)}
     */
    public static Backbone pretrained(WeightsFile weights) {
        return new SqueezeNet().load(weights);
    }

    /**
     * The weights that come with this library: trained by {@code PretrainBackbone} from random
     * values on the training part of a small public set of radiographs and on phantoms, and on
     * nothing else. They serve to try the library out without any download; what they saw and what
     * they are worth says {@code docs/bundled-backbone.md}.
     *
     * @return the network without a head, normalised as {@link Normalization#TORCH}
     * @throws org.deepcovid.models.weights.WeightsException if the resource is missing from the jar
     *     or has another checksum than {@value BundledWeights#SHA_256}
     */
    public static Backbone bundled() {
        BackboneSpec usual = new SqueezeNet().spec(Flavour.TORCHVISION);
        BackboneSpec spec =
                new BackboneSpec(
                        usual.architecture(),
                        usual.flavour(),
                        usual.inputSize(),
                        usual.normalization(),
                        usual.featureChannels(),
                        usual.featureSize(),
                        usual.camLayer(),
                        usual.batchNormEpsilon(),
                        BundledWeights.LICENCE,
                        usual.paper());
        return new SqueezeNet().load(spec, BundledWeights.file(), BundledWeights.read());
    }

    @Override
    public String architecture() {
        return NAME;
    }

    @Override
    List<LayerNaming> namings() {
        return NAMINGS;
    }

    @Override
    BackboneSpec spec(Flavour flavour) {
        return new BackboneSpec(
                NAME,
                flavour.id(),
                224,
                flavour == Flavour.KERAS ? Normalization.CAFFE : Normalization.TORCH,
                512,
                13,
                "fire9",
                0,
                "BSD-2-Clause (authors' release of the ImageNet weights)",
                "Iandola et al. (2016), arXiv:1602.07360");
    }

    @Override
    BackboneSpec spec(PretrainedWeights weights) {
        Flavour byLayout = weights.layout() == Layout.KERAS ? Flavour.KERAS : Flavour.TORCHVISION;
        return spec(weights.declaredFlavour().orElse(byLayout));
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
