package org.deepcovid.core.model;

import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;

/**
 * Chooses how a graph holds its activations during inference. DL4J's workspaces reuse memory from
 * vertex to vertex; without them every activation of a batch waits for the garbage collector. A
 * process that ran ResNet-50 on batches of 20 grew to 18 GB without and to 1 GB with them.
 *
 * <p>But DL4J 1.0.0-M2.1 fails with workspaces when the output of a vertex is asked for while the
 * workspace of the vertex before it is still the thread's current one: it marks that workspace and
 * then cannot close it. That is so unless the step before closes some workspace, which it does when
 * it is the last to consume some other vertex's output.
 */
final class InferenceMemory {

    private InferenceMemory() {}

    /**
     * Sets the inference workspace mode.
     *
     * @param graph initialised graph
     * @param outputs vertices that will be asked for; those that do not exist are ignored
     */
    static void prepare(ComputationGraph graph, List<String> outputs) {
        boolean safe = safeWithWorkspaces(graph, Set.copyOf(outputs));
        graph.getConfiguration()
                .setInferenceWorkspaceMode(safe ? WorkspaceMode.ENABLED : WorkspaceMode.NONE);
    }

    static boolean safeWithWorkspaces(ComputationGraph graph, Set<String> outputs) {
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
}
