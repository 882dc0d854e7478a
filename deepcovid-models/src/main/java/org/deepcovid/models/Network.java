package org.deepcovid.models;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneProvider;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.model.GraphBackbone;
import org.deepcovid.core.model.LinearHead;
import org.deepcovid.core.model.WeightsOrigin;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.models.weights.LayerNaming;
import org.deepcovid.models.weights.LayerNaming.Layout;
import org.deepcovid.models.weights.PretrainedWeights;
import org.deepcovid.models.weights.WeightsFile;
import org.deepcovid.models.weights.WeightsFile.Flavour;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Builds a backbone from a spec and a source of parameters. A network defines its graph, the names
 * of its layers in weights files, and the spec of a weights file.
 */
abstract class Network implements BackboneProvider {

    private static final int IMAGENET_CLASSES = 1000;

    /** The layer with one output per class, and the number of classes. */
    record Head(String layer, int classes) {}

    private final String architecture;
    private final List<LayerNaming> namings;

    /** The namings of weights files that can be read. */
    Network(String architecture, List<LayerNaming> namings) {
        this.architecture = architecture;
        this.namings = namings;
    }

    @Override
    public final String architecture() {
        return architecture;
    }

    final List<LayerNaming> namings() {
        return namings;
    }

    /** Keras for a file in Keras' layout, otherwise torchvision. */
    static Flavour byLayout(PretrainedWeights weights) {
        return weights.layout() == Layout.KERAS ? Flavour.KERAS : Flavour.TORCHVISION;
    }

    /** The naming for writing; by default the first of the layout. */
    LayerNaming namingFor(Layout layout, BackboneSpec spec) {
        return namings().stream()
                .filter(naming -> naming.layout() == layout)
                .findFirst()
                .orElseThrow();
    }

    /** The spec of a flavour, with its usual epsilon and normalisation. */
    abstract BackboneSpec spec(Flavour flavour);

    /** The spec of weights in a file. */
    abstract BackboneSpec spec(PretrainedWeights weights);

    /** Adds everything up to and including the last feature map. */
    abstract String addTrunk(GraphAssembly graph, BackboneSpec spec);

    /** The layer of the pre-training head with one output per class. */
    String headLayer() {
        return Backbone.LOGITS;
    }

    /** Adds the pre-training head, ending in {@link Backbone#LOGITS}. */
    String addHead(GraphAssembly graph, int classes, String map, String features) {
        return graph.dense(headLayer(), classes, features);
    }

    final Backbone load(WeightsFile file) {
        DeepCovidRuntime.initialise();
        requireNonNull(file, "file is null");
        PretrainedWeights weights =
                PretrainedWeights.open(architecture(), file, layers(), namings());
        return build(spec(weights), weights);
    }

    /** Loads weights from memory for a known spec. */
    final Backbone load(BackboneSpec spec, WeightsFile file, byte[] content) {
        DeepCovidRuntime.initialise();
        return build(
                spec, PretrainedWeights.open(architecture(), file, content, layers(), namings()));
    }

    private Backbone build(BackboneSpec spec, PretrainedWeights weights) {
        ComputationGraph graph = graph(spec, head(weights), WeightInit.ZERO, 0);
        try {
            weights.fill(graph);
            return GraphBackbone.of(spec, weights.origin(), graph);
        } catch (RuntimeException e) {
            graph.close();
            throw e;
        }
    }

    @Override
    public final Backbone restore(
            BackboneSpec spec, Map<String, INDArray> parameters, WeightsOrigin origin) {
        DeepCovidRuntime.initialise();
        if (!spec.architecture().equals(architecture())) {
            throw new IllegalArgumentException(
                    "the spec is of %s; this provider builds %s"
                            .formatted(spec.architecture(), architecture()));
        }
        ComputationGraph graph = graph(spec, head(parameters), WeightInit.ZERO, 0);
        return GraphBackbone.of(spec, origin, graph, parameters);
    }

    /** Names of the head's layer: after pre-training, and in a classifier. */
    private List<String> headLayers() {
        return Stream.of(headLayer(), Backbone.LOGITS).distinct().toList();
    }

    private Optional<Head> head(PretrainedWeights weights) {
        for (String layer : headLayers()) {
            OptionalInt classes = weights.classes(layer, layer.equals(Backbone.LOGITS));
            if (classes.isPresent()) {
                return Optional.of(new Head(layer, classes.getAsInt()));
            }
        }
        return Optional.empty();
    }

    private Optional<Head> head(Map<String, INDArray> parameters) {
        return headLayers().stream()
                .filter(layer -> parameters.containsKey(layer + "/b"))
                .map(layer -> new Head(layer, (int) parameters.get(layer + "/b").length()))
                .findFirst();
    }

    private Optional<Head> head(OptionalInt classes) {
        return classes.stream().mapToObj(count -> new Head(headLayer(), count)).findFirst();
    }

    /** The backbone with a linear head in place of the one it was pre-trained with, if any. */
    final Backbone withHead(Backbone backbone, LinearHead head) {
        Map<String, INDArray> parameters = new LinkedHashMap<>(backbone.parameters());
        parameters
                .keySet()
                .removeIf(key -> headLayers().contains(key.substring(0, key.indexOf('/'))));
        INDArray rows = Nd4j.create(head.weights(), new long[] {head.classes(), head.features()});
        parameters.put(Backbone.LOGITS + "/W", rows.transpose());
        parameters.put(Backbone.LOGITS + "/b", Nd4j.createFromArray(head.bias()));
        return restore(backbone.spec(), parameters, backbone.origin());
    }

    /** A network with parameters drawn at random (He et al., 2015), batch statistics 0 and 1. */
    final Backbone untrained(BackboneSpec spec, OptionalInt classes, long seed) {
        DeepCovidRuntime.initialise();
        ComputationGraph graph = graph(spec, head(classes), WeightInit.RELU, seed);
        String sha256 = FileHashes.sha256(bytes(graph.params().data().asFloat()));
        return GraphBackbone.of(
                spec, new WeightsOrigin("random, seed " + seed, sha256, false), graph);
    }

    private static byte[] bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES));
        bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
        return bytes.array();
    }

    private ComputationGraph graph(
            BackboneSpec spec, Optional<Head> head, WeightInit init, long seed) {
        ComputationGraph graph = new ComputationGraph(configuration(spec, head, init, seed));
        graph.init();
        return graph;
    }

    final ComputationGraphConfiguration configuration(
            BackboneSpec spec, Optional<Head> head, WeightInit init, long seed) {
        GraphAssembly graph =
                new GraphAssembly(
                        spec.inputSize(), spec.batchNormEpsilon(), decay(spec), init, seed);
        String map = addTrunk(graph, spec);
        String features = graph.features(map);
        return head.isPresent()
                ? graph.finish(features, addHead(graph, head.get(), map, features))
                : graph.finish(features);
    }

    private String addHead(GraphAssembly graph, Head head, String map, String features) {
        return head.layer().equals(headLayer())
                ? addHead(graph, head.classes(), map, features)
                : graph.dense(Backbone.LOGITS, head.classes(), features);
    }

    /**
     * Weight of the old running statistics in a training step of the flavour's library; PyTorch's
     * momentum is one minus it.
     */
    private static double decay(BackboneSpec spec) {
        return flavour(spec) == Flavour.KERAS ? 0.99 : 0.9;
    }

    static Flavour flavour(BackboneSpec spec) {
        return Flavour.ofId(spec.flavour())
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "%s has flavour '%s'; expected keras or torchvision"
                                                .formatted(spec.architecture(), spec.flavour())));
    }

    /** Names of all layers that have parameters, head included. */
    final List<String> layers() {
        ComputationGraphConfiguration configuration =
                configuration(
                        spec(Flavour.TORCHVISION),
                        head(OptionalInt.of(IMAGENET_CLASSES)),
                        WeightInit.ZERO,
                        0);
        return configuration.getVertices().entrySet().stream()
                .filter(entry -> hasParameters(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static boolean hasParameters(GraphVertex vertex) {
        Layer layer = vertex instanceof LayerVertex found ? found.getLayerConf().getLayer() : null;
        return layer instanceof ConvolutionLayer
                || layer instanceof BatchNormalization
                || layer instanceof DenseLayer;
    }
}
