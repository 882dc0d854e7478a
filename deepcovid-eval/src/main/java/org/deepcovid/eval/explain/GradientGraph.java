package org.deepcovid.eval.explain;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.GraphSurgery;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A copy of a backbone, up to its pooled features, that can be differentiated at any vertex. The
 * parameters are those at the time of copying.
 */
final class GradientGraph extends ComputationGraph {

    private static final long serialVersionUID = 1L;

    private GradientGraph(ComputationGraphConfiguration configuration) {
        super(configuration);
    }

    static GradientGraph of(Backbone backbone) {
        ComputationGraph original = backbone.graph();
        List<String> features = List.of(Backbone.FEATURES);
        ComputationGraphConfiguration configuration =
                GraphSurgery.part(
                        original,
                        GraphSurgery.withAncestors(original.getConfiguration(), features),
                        features);
        // DL4J 1.0.0-M2.1 keeps a layer's gradients after the pass only without workspaces.
        configuration.setTrainingWorkspaceMode(WorkspaceMode.NONE);
        configuration.setInferenceWorkspaceMode(WorkspaceMode.NONE);
        configuration.getVertices().values().forEach(GradientGraph::replaceBatchNorm);
        GradientGraph graph = new GradientGraph(configuration);
        graph.init();
        graph.initGradientsView(); // layers write the gradients of their weights there
        GraphSurgery.copyParameters(original, graph);
        return graph;
    }

    private static void replaceBatchNorm(org.deeplearning4j.nn.conf.graph.GraphVertex definition) {
        if (definition instanceof LayerVertex vertex) {
            GraphSurgery.useRunningStatistics(vertex.getLayerConf());
        }
    }

    /**
     * Activations of a vertex and the derivative of a weighted sum of the features by them.
     *
     * <p>Runs on one native thread: for one image the layers are so small that several threads
     * mostly wait for each other, on a busy machine a hundred times as long as they compute.
     *
     * @param image float32 [1, 3, S, S]
     * @param weights of the features, float32 [1, C]
     */
    synchronized LayerEvidence at(String vertex, INDArray image, INDArray weights) {
        GraphVertex target = getVertex(vertex);
        if (target == null) {
            throw notBelowFeatures(vertex);
        }
        return DeepCovidRuntime.onOneNativeThread(() -> differentiate(target, image, weights));
    }

    private LayerEvidence differentiate(GraphVertex target, INDArray image, INDArray weights) {
        Map<String, INDArray> activations =
                feedForward(new INDArray[] {image}, false, false); // inference; keep inputs
        try {
            propagate(target, weights);
            INDArray gradient = target.getEpsilon();
            if (gradient == null || target == features()) {
                throw notBelowFeatures(target.getVertexName());
            }
            return LayerEvidence.of(
                    target.getVertexName(), activations.get(target.getVertexName()), gradient);
        } finally {
            for (GraphVertex used : getVertices()) {
                used.clear();
            }
            clearLayersStates();
        }
    }

    /**
     * Backpropagates from the features to one vertex only. DL4J's own pass continues to the image,
     * through the largest maps and all their weights.
     */
    private void propagate(GraphVertex target, INDArray weights) {
        Set<Integer> above = dependents(target);
        features().setEpsilon(weights);
        for (int i = topologicalOrder.length - 1; i >= 0; i--) {
            GraphVertex vertex = vertices[topologicalOrder[i]];
            if (vertex == target) {
                return;
            }
            if (above.contains(vertex.getVertexIndex())) {
                backward(vertex, above);
            }
        }
    }

    private GraphVertex features() {
        return getVertex(Backbone.FEATURES);
    }

    /** Indices of a vertex and of all vertices computed from it. */
    private Set<Integer> dependents(GraphVertex vertex) {
        Set<Integer> found = new HashSet<>(Set.of(vertex.getVertexIndex()));
        for (int index : topologicalOrder) {
            if (inputs(vertices[index]).anyMatch(found::contains)) {
                found.add(index);
            }
        }
        return found;
    }

    private static IntStream inputs(GraphVertex vertex) {
        return vertex.isInputVertex()
                ? IntStream.empty()
                : Arrays.stream(vertex.getInputVertices()).mapToInt(VertexIndices::getVertexIndex);
    }

    private void backward(GraphVertex vertex, Set<Integer> target) {
        INDArray[] shares = vertex.doBackward(false, LayerWorkspaceMgr.noWorkspaces()).getSecond();
        int[] inputs = inputs(vertex).toArray();
        for (int i = 0; i < inputs.length; i++) {
            if (target.contains(inputs[i])) {
                GraphVertex input = vertices[inputs[i]];
                INDArray before = input.getEpsilon();
                input.setEpsilon(before == null ? shares[i] : before.add(shares[i]));
            }
        }
    }

    private static IllegalArgumentException notBelowFeatures(String vertex) {
        return new IllegalArgumentException(
                "layer '%s' has no gradient; expected a layer between image and features"
                        .formatted(vertex));
    }
}
