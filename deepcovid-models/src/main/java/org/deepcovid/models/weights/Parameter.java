package org.deepcovid.models.weights;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One parameter of a graph and how files store it.
 *
 * @param layer the graph's layer name
 * @param role what it is to its layer
 * @param array view of the graph's own values
 */
record Parameter(String layer, Role role, INDArray array) {

    /** All parameters of a graph. */
    static List<Parameter> of(ComputationGraph graph) {
        List<Parameter> parameters = new ArrayList<>();
        for (int index : graph.topologicalSortOrder()) {
            GraphVertex vertex = graph.getVertices()[index];
            if (vertex.hasLayer()) {
                vertex.getLayer()
                        .paramTable(false)
                        .forEach(
                                (name, array) ->
                                        parameters.add(
                                                new Parameter(
                                                        vertex.getVertexName(),
                                                        Role.of(
                                                                vertex.getLayer().conf().getLayer(),
                                                                name),
                                                        array)));
            }
        }
        return parameters;
    }

    /** Identifies the stored tensor within its file. */
    String key(LayerNaming naming) {
        return key(naming, layer, role);
    }

    static String key(LayerNaming naming, String layer, Role role) {
        String stored = naming.fileName().apply(layer);
        return switch (naming.layout()) {
            case KERAS -> kerasKey(stored, role.kerasPosition());
            case TORCH -> stored + "." + role.torchName();
        };
    }

    static String kerasKey(String layer, int position) {
        return layer + "#" + position;
    }

    /** Shape of the stored tensor. */
    List<Long> storedShape(Layout layout) {
        List<Long> shape = new ArrayList<>();
        switch (role) {
            case CONV_KERNEL -> {
                int[] axes = layout == Layout.KERAS ? new int[] {2, 3, 1, 0} : range4();
                for (int axis : axes) {
                    shape.add(array.size(axis));
                }
            }
            case DENSE_KERNEL -> {
                boolean keras = layout == Layout.KERAS;
                shape.add(array.size(keras ? 0 : 1));
                shape.add(array.size(keras ? 1 : 0));
            }
            case BIAS, GAMMA, BETA, MEAN, VARIANCE -> shape.add(array.length());
        }
        return shape;
    }

    /** Takes over stored values, whose number must be that of the shape. */
    void assign(float[] values, Layout layout) {
        long[] shape = storedShape(layout).stream().mapToLong(Long::longValue).toArray();
        INDArray stored = Nd4j.create(values, shape, 'c');
        INDArray turned =
                switch (role) {
                    case CONV_KERNEL ->
                            layout == Layout.KERAS ? stored.permute(3, 2, 0, 1) : stored;
                    case DENSE_KERNEL -> layout == Layout.KERAS ? stored : stored.permute(1, 0);
                    case BIAS, GAMMA, BETA, MEAN, VARIANCE -> stored.reshape(array.shape());
                };
        array.assign(turned);
    }

    /** The values as a file stores them. */
    INDArray stored(Layout layout) {
        return switch (role) {
            case CONV_KERNEL -> layout == Layout.KERAS ? array.permute(2, 3, 1, 0) : array;
            case DENSE_KERNEL -> layout == Layout.KERAS ? array : array.permute(1, 0);
            case BIAS, GAMMA, BETA, MEAN, VARIANCE -> array.reshape(array.length());
        };
    }

    private static int[] range4() {
        return new int[] {0, 1, 2, 3};
    }
}
