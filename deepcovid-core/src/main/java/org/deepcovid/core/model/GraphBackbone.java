package org.deepcovid.core.model;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A backbone made of a native DL4J graph, for the networks of this library and for others: build a
 * {@link ComputationGraph} in NCHW layout, name its vertices as {@link #of} says, and describe it
 * with a {@link BackboneSpec}.
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
     * Wraps an initialised graph. The backbone owns the graph: closing it closes the graph.
     *
     * @param graph one input [N, 3, H, W], a vertex {@link BackboneSpec#camLayer()} with output [N,
     *     C, h, w], a vertex {@link Backbone#FEATURES} with output [N, C], and optionally a vertex
     *     {@link Backbone#LOGITS} with output [N, K]; only the vertices before the requested one in
     *     the graph's order are computed, so add the features before the head
     * @throws IllegalArgumentException if the graph has another number of inputs, lacks a vertex,
     *     or the output of a vertex has another shape than in the spec
     */
    public static GraphBackbone of(
            BackboneSpec spec, WeightsOrigin origin, ComputationGraph graph) {
        DeepCovidRuntime.initialise();
        requireNonNull(origin, "origin is null");
        requireShapes(requireNonNull(spec, "spec is null"), requireNonNull(graph, "graph is null"));
        chooseWorkspaces(graph, Set.of(spec.camLayer(), FEATURES, LOGITS));
        return new GraphBackbone(spec, origin, graph);
    }

    /**
     * Copies parameters into a graph and wraps it, for {@link BackboneProvider}s. If that fails,
     * the graph is closed.
     *
     * @param parameters one array for each of {@link #parameters()}, copied
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

    /**
     * Sets the inference workspace mode. DL4J's workspaces reuse memory from vertex to vertex;
     * without them every activation of a batch waits for the garbage collector: a process that ran
     * ResNet-50 on batches of 20 grew to 18 GB without and to 1 GB with them.
     *
     * <p>But DL4J 1.0.0-M2.1 fails with workspaces if the output of a vertex is requested while the
     * workspace of the vertex before it is still the thread's current one: it marks that workspace
     * and then cannot close it. This happens unless the step before closes a workspace, which it
     * does when it is the last to consume some other vertex's output.
     */
    private static void chooseWorkspaces(ComputationGraph graph, Set<String> outputs) {
        boolean safe = safeWithWorkspaces(graph, outputs);
        graph.getConfiguration()
                .setInferenceWorkspaceMode(safe ? WorkspaceMode.ENABLED : WorkspaceMode.NONE);
    }

    private static boolean safeWithWorkspaces(ComputationGraph graph, Set<String> outputs) {
        int[] order = graph.topologicalSortOrder();
        BitSet closing = closingSteps(graph, order);
        for (int step = 0; step < order.length; step++) {
            String name = graph.getVertices()[order[step]].getVertexName();
            if (outputs.contains(name) && (step == 0 || !closing.get(step - 1))) {
                return false;
            }
        }
        return true;
    }

    /** The steps of the order that are the last to consume some vertex's output. */
    private static BitSet closingSteps(ComputationGraph graph, int[] order) {
        int[] stepOf = new int[order.length];
        for (int step = 0; step < order.length; step++) {
            stepOf[order[step]] = step;
        }
        BitSet closing = new BitSet();
        for (GraphVertex vertex : graph.getVertices()) {
            VertexIndices[] consumers = vertex.getOutputVertices();
            int last = consumers == null ? order.length - 1 : 0;
            for (int i = 0; consumers != null && i < consumers.length; i++) {
                last = Math.max(last, stepOf[consumers[i].getVertexIndex()]);
            }
            closing.set(last);
        }
        return closing;
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
                    "output of vertex '%s' of %s is %s; the spec has %s"
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
    public Trace trace(INDArray images) {
        INDArray[] outputs = run(images, List.of(spec.camLayer(), FEATURES));
        return new Trace(outputs[0], outputs[1]);
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
