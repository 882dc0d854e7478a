package org.deepcovid.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.testing.Failures.assertRejects;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.models.weights.WeightsFile.Flavour;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What every network promises, whatever its weights. */
class BackboneContractTest {

    private static final int SMALL = 32;

    /** The counts are those of torchvision and Keras Applications, running statistics left out. */
    @ParameterizedTest
    @CsvSource({
        "resnet18, TORCHVISION, 11689512, 512, 7, layer4.1, logits",
        "resnet50, TORCHVISION, 25557032, 2048, 7, layer4.2, logits",
        "resnet50, KERAS, 25583592, 2048, 7, layer4.2, logits",
        "squeezenet, TORCHVISION, 1235496, 512, 13, fire9, conv10",
        "densenet121, TORCHVISION, 7978856, 1024, 7, relu5, logits"
    })
    void sizesAndNamesAreThePublishedOnes(
            String name,
            Flavour flavour,
            long parameters,
            int channels,
            int side,
            String camLayer,
            String headLayer) {
        Network network = Backbones.network(name);
        BackboneSpec spec = network.spec(flavour);
        assertThat(spec.camLayer()).isEqualTo(camLayer);
        try (Backbone backbone = network.untrained(spec, OptionalInt.of(1000), 1)) {
            assertThat(trainable(backbone)).isEqualTo(parameters);
            assertThat(backbone.parameters()).containsKey(headLayer + "/W");
            assertHeadComesAfterFeatures(backbone.graph(), headLayer);
            INDArray image = Nd4j.rand(DataType.FLOAT, 1, 3, 224, 224);
            Backbone.Trace trace = backbone.trace(image);
            assertThat(trace.map().shape()).containsExactly(1, channels, side, side);
            assertThat(trace.pooled().shape()).containsExactly(1, channels);
            assertThat(trace.pooled().equalsWithEps(trace.map().mean(2, 3), 1e-4)).isTrue();
            assertThat(backbone.logits(image).orElseThrow().shape()).containsExactly(1, 1000);
        }
    }

    private static long trainable(Backbone backbone) {
        return backbone.parameters().entrySet().stream()
                .filter(e -> !e.getKey().endsWith("/mean") && !e.getKey().endsWith("/var"))
                .mapToLong(e -> e.getValue().length())
                .sum();
    }

    static List<Backbone> smallOnes() {
        List<Backbone> backbones = new ArrayList<>();
        for (String name : Backbones.names()) {
            Network network = Backbones.network(name);
            BackboneSpec spec = small(network.spec(Flavour.TORCHVISION));
            backbones.add(network.untrained(spec, OptionalInt.of(10), 2));
        }
        return backbones;
    }

    /** The same network on the smallest inputs that all four take. */
    static BackboneSpec small(BackboneSpec spec) {
        return new BackboneSpec(
                spec.architecture(),
                spec.flavour(),
                new BackboneSpec.Input(SMALL, spec.normalization()),
                new BackboneSpec.Features(spec.featureChannels(), 1, spec.camLayer()),
                spec.batchNormEpsilon(),
                spec.source());
    }

    @ParameterizedTest
    @MethodSource("smallOnes")
    void anImageGivesTheSameAloneAndAmongTwenty(Backbone backbone) {
        try (backbone) {
            INDArray images = Nd4j.rand(DataType.FLOAT, 20, 3, SMALL, SMALL);
            INDArray features = backbone.features(images);
            INDArray logits = backbone.logits(images).orElseThrow();
            for (int n : new int[] {0, 19}) {
                INDArray one = images.get(NDArrayIndex.interval(n, n + 1));
                assertClose(backbone.features(one), features.getRow(n, true));
                assertClose(backbone.logits(one).orElseThrow(), logits.getRow(n, true));
            }
            assertThat(features.getRow(0).equalsWithEps(features.getRow(1), 1e-3)).isFalse();
        }
    }

    /**
     * Small networks without trained weights. At commit 04fe5b2 the logits of SqueezeNet and
     * ResNet-18 were those of DL4J's Keras import of the same weights, which runs channels last.
     */
    @ParameterizedTest
    @CsvSource({
        "squeezenet, KERAS, 25.5648, 32.6446, 0",
        "resnet18, TORCHVISION, -309.552, -14.6397, -216.306",
        "resnet50, KERAS, 3618.94, -465.536, 3018.83",
        "resnet50, TORCHVISION, 2426.37, -2401.38, 4798.11",
        "densenet121, TORCHVISION, 33.1347, -24.3107, 72.3109"
    })
    void logitsStayAsTheyWere(
            String name, Flavour flavour, double first, double second, double third) {
        Network network = Backbones.network(name);
        Random random = new Random(11);
        float[] pixels = new float[3 * SMALL * SMALL];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) (50 * random.nextGaussian());
        }
        INDArray image = Nd4j.create(pixels, new long[] {1, 3, SMALL, SMALL}, 'c');
        try (Backbone backbone =
                network.untrained(small(network.spec(flavour)), OptionalInt.of(10), 1)) {
            INDArray logits = backbone.logits(image).orElseThrow();
            double scale = logits.amaxNumber().doubleValue();
            assertThat(Arrays.copyOf(logits.toDoubleVector(), 3))
                    .containsExactly(new double[] {first, second, third}, within(1e-4 * scale));
        }
    }

    private static void assertClose(INDArray found, INDArray expected) {
        double scale = Math.max(1, expected.amaxNumber().doubleValue());
        assertThat(found.equalsWithEps(expected, 1e-4 * scale)).isTrue();
    }

    /** So that DL4J, which stops at the last vertex asked for, leaves the head out. */
    private static void assertHeadComesAfterFeatures(ComputationGraph graph, String headLayer) {
        List<String> order = new ArrayList<>();
        for (int index : graph.topologicalSortOrder()) {
            order.add(graph.getVertices()[index].getVertexName());
        }
        assertThat(order.indexOf(Backbone.FEATURES)).isLessThan(order.indexOf(headLayer));
        assertThat(order).endsWith(Backbone.LOGITS);
    }

    @ParameterizedTest
    @CsvSource({"resnet18, TORCHVISION", "resnet50, KERAS", "resnet50, TORCHVISION"})
    void batchNormalisationFollowsTheSpec(String name, Flavour flavour) {
        Network network = Backbones.network(name);
        BackboneSpec spec = network.spec(flavour);
        double decay = flavour == Flavour.KERAS ? 0.99 : 0.9;
        assertThat(layers(network, spec, BatchNormalization.class).values())
                .isNotEmpty()
                .allSatisfy(
                        norm -> {
                            assertThat(norm.getEps()).isEqualTo(spec.batchNormEpsilon());
                            assertThat(norm.getDecay()).isEqualTo(decay);
                            assertThat(norm.isUseLogStd()).isFalse();
                        });
    }

    @Test
    void theFlavoursOfResNet50StrideInDifferentConvolutionsAndOneHasBiases() {
        for (Flavour flavour : Flavour.values()) {
            ResNet50 network = new ResNet50();
            Map<String, ConvolutionLayer> layers =
                    layers(network, network.spec(flavour), ConvolutionLayer.class);
            boolean keras = flavour == Flavour.KERAS;
            assertThat(layers.get("layer2.0.conv1").getStride()[0]).isEqualTo(keras ? 2 : 1);
            assertThat(layers.get("layer2.0.conv2").getStride()[0]).isEqualTo(keras ? 1 : 2);
            assertThat(layers.values()).allMatch(layer -> layer.hasBias() == keras);
        }
    }

    private static <T> Map<String, T> layers(Network network, BackboneSpec spec, Class<T> type) {
        ComputationGraphConfiguration configuration =
                network.configuration(spec, Optional.empty(), WeightInit.ZERO, 0);
        Map<String, T> layers = new TreeMap<>();
        for (String name : configuration.getVertices().keySet()) {
            if (configuration.getVertices().get(name) instanceof LayerVertex layer
                    && type.isInstance(layer.getLayerConf().getLayer())) {
                layers.put(name, type.cast(layer.getLayerConf().getLayer()));
            }
        }
        return layers;
    }

    @Test
    void untrainedNetworksDependOnTheSeedAloneAndSayWhatTheyAre() {
        try (Backbone one = Backbones.untrained("squeezenet", 7);
                Backbone same = Backbones.untrained("squeezenet", 7);
                Backbone other = Backbones.untrained("squeezenet", 8)) {
            assertThat(one.origin()).isEqualTo(same.origin());
            assertThat(one.graph().params()).isEqualTo(same.graph().params());
            assertThat(one.origin().sha256()).isNotEqualTo(other.origin().sha256());
            assertThat(one.origin().trained()).isFalse();
            assertThat(one.origin().name()).isEqualTo("random, seed 7");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ResNet-50, resnet-50", "resnet50, resnet-50", "RESNET_18, resnet-18",
        "DenseNet-121, densenet-121", "SqueezeNet, squeezenet-1.1", "squeezenet-1.1, squeezenet-1.1"
    })
    void namesAreTakenAsUsersTypeThem(String name, String architecture) {
        assertThat(Backbones.network(name).architecture()).isEqualTo(architecture);
    }

    @Test
    void unknownNamesAreRefusedWithTheKnownOnes() {
        assertRejects(
                () -> Backbones.untrained("vgg16", 1),
                "'vgg16'; expected one of [densenet121, resnet18, resnet50, squeezenet]");
    }
}
