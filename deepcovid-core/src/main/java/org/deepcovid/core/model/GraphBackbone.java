package org.deepcovid.core.model;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A backbone made of a native DL4J graph. It serves the networks of this library and is the way to
 * bring another one: build a {@link ComputationGraph} in NCHW layout, name its vertices as {@link
 * #of} says, and describe it with a {@link BackboneSpec}.
 */
public final class GraphBackbone implements Backbone {

    private final BackboneSpec spec;
    private final WeightsOrigin origin;
    private final ComputationGraph graph;
    private final boolean hasHead;
    private boolean closed;

    private GraphBackbone(BackboneSpec spec, WeightsOrigin origin, ComputationGraph graph) {
        this.spec = spec;
        this.origin = origin;
        this.graph = graph;
        this.hasHead = graph.getVertex(LOGITS) != null;
    }

    /**
     * Wraps an initialised graph. The backbone owns it from here on: closing the backbone closes
     * the graph.
     *
     * @param spec what the graph promises
     * @param origin where its parameters came from
     * @param graph one input [N, 3, H, W], a vertex named {@link BackboneSpec#camLayer()} giving
     *     [N, C, h, w], one named {@link Backbone#FEATURES} giving [N, C], and optionally one named
     *     {@link Backbone#LOGITS} giving [N, K]; only the vertices before the wanted one in the
     *     graph's order are computed, so add the features before the head
     * @return the backbone
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if the graph has another number of inputs, lacks a vertex,
     *     or a vertex gives another shape than the spec promises
     */
    public static GraphBackbone of(
            BackboneSpec spec, WeightsOrigin origin, ComputationGraph graph) {
        DeepCovidRuntime.initialise();
        requireNonNull(origin, "origin is null");
        requireShapes(requireNonNull(spec, "spec is null"), requireNonNull(graph, "graph is null"));
        InferenceMemory.prepare(graph, List.of(spec.camLayer(), FEATURES, LOGITS));
        return new GraphBackbone(spec, origin, graph);
    }

    /**
     * Fills a graph with parameters, for {@link BackboneProvider}s, and makes a backbone of it. If
     * that fails, the graph is closed.
     *
     * @param spec what the graph promises
     * @param origin where the parameters came from
     * @param graph as for {@link #of(BackboneSpec, WeightsOrigin, ComputationGraph)}
     * @param parameters one array for each of {@link #parameters()}, copied
     * @return the backbone
     * @throws IllegalArgumentException as for {@link #of(BackboneSpec, WeightsOrigin,
     *     ComputationGraph)}, or if a parameter is missing, superfluous, misshapen or not finite;
     *     the message lists all such problems
     */
    public static GraphBackbone of(
            BackboneSpec spec,
            WeightsOrigin origin,
            ComputationGraph graph,
            Map<String, INDArray> parameters) {
        try {
            GraphBackbone backbone = of(spec, origin, graph);
            GraphSurgery.fill(backbone, parameters);
            return backbone;
        } catch (RuntimeException e) {
            graph.close();
            throw e;
        }
    }

    private static void requireShapes(BackboneSpec spec, ComputationGraph graph) {
        if (graph.getNumInputArrays() != 1) {
            throw new IllegalArgumentException(
                    "the graph of %s has %d inputs; expected 1"
                            .formatted(spec.architecture(), graph.getNumInputArrays()));
        }
        int size = spec.inputSize();
        Map<String, InputType> types =
                graph.getConfiguration()
                        .getLayerActivationTypes(false, InputType.convolutional(size, size, 3));
        int channels = spec.featureChannels();
        int side = spec.featureSize();
        requireType(spec, types, spec.camLayer(), InputType.convolutional(side, side, channels));
        requireType(spec, types, FEATURES, InputType.feedForward(channels));
    }

    private static void requireType(
            BackboneSpec spec, Map<String, InputType> types, String vertex, InputType expected) {
        InputType found = types.get(vertex);
        if (found == null || !expected.equals(found)) {
            throw new IllegalArgumentException(
                    "vertex '%s' of %s gives %s; its spec promises %s"
                            .formatted(
                                    vertex,
                                    spec.architecture(),
                                    found == null ? "nothing, it does not exist" : found,
                                    expected));
        }
    }

    @Override
    public BackboneSpec spec() {
        return spec;
    }

    @Override
    public WeightsOrigin origin() {
        return origin;
    }

    @Override
    public ComputationGraph graph() {
        synchronized (graph) {
            requireOpen();
            return graph;
        }
    }

    @Override
    public FeatureTrace trace(INDArray images) {
        INDArray[] outputs = run(images, List.of(spec.camLayer(), FEATURES));
        return new FeatureTrace(outputs[0], outputs[1]);
    }

    @Override
    public INDArray features(INDArray images) {
        return run(images, List.of(FEATURES))[0];
    }

    @Override
    public Optional<INDArray> logits(INDArray images) {
        if (hasHead) {
            return Optional.of(run(images, List.of(LOGITS))[0]);
        }
        requireImages(images);
        return Optional.empty();
    }

    /** Locks the graph, as its own output methods do: DL4J computes one batch at a time. */
    private INDArray[] run(INDArray images, List<String> vertices) {
        requireImages(images);
        boolean dense = images.ordering() == 'c' && !images.isView();
        synchronized (graph) {
            requireOpen();
            INDArray[] inputs = {dense ? images : images.dup('c')};
            return graph.output(vertices, false, inputs, null);
        }
    }

    private void requireImages(INDArray images) {
        int size = spec.inputSize();
        boolean fits =
                images.rank() == 4
                        && images.size(0) > 0
                        && images.size(1) == 3
                        && images.size(2) == size
                        && images.size(3) == size
                        && images.dataType() == DataType.FLOAT;
        if (!fits) {
            throw new IllegalArgumentException(
                    "images are %s %s; %s expects FLOAT [N, 3, %d, %d] with N of at least 1"
                            .formatted(
                                    images.dataType(),
                                    Arrays.toString(images.shape()),
                                    spec.architecture(),
                                    size,
                                    size));
        }
        if (!Double.isFinite(images.sumNumber().doubleValue())) {
            requireFinite(images);
        }
    }

    private static void requireFinite(INDArray images) {
        float[] values = images.dup('c').data().asFloat();
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException(
                        "image %d of the batch holds %s; expected finite numbers"
                                .formatted(i / (values.length / images.size(0)), values[i]));
            }
        }
    }

    @Override
    public Map<String, INDArray> parameters() {
        synchronized (graph) {
            requireOpen();
            return Collections.unmodifiableMap(GraphSurgery.parameters(graph));
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(
                    "the backbone %s from %s is closed"
                            .formatted(spec.architecture(), origin.name()));
        }
    }

    @Override
    public void close() {
        synchronized (graph) {
            if (!closed) {
                closed = true;
                graph.close();
            }
        }
    }
}
