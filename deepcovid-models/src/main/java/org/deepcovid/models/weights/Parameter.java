package org.deepcovid.models.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deepcovid.models.weights.LayerNaming.Layout;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One parameter of a graph and how files store it.
 *
 * @param layer the graph's layer name
 * @param role its role in the layer
 * @param array view of the graph's own values
 */
record Parameter(String layer, Role role, INDArray array) {

    /** All parameters of a graph. */
    static List<Parameter> of(ComputationGraph graph) {
        List<Parameter> parameters = new ArrayList<>();
        for (int index : graph.topologicalSortOrder()) {
            GraphVertex vertex = graph.getVertices()[index];
            if (vertex.hasLayer()) {
                String name = vertex.getVertexName();
                Layer layer = vertex.getLayer().conf().getLayer();
                vertex.getLayer()
                        .paramTable(false)
                        .forEach(
                                (key, array) ->
                                        parameters.add(
                                                new Parameter(name, Role.of(layer, key), array)));
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
        return Arrays.stream(stored(layout).shape()).boxed().toList();
    }

    /** Copies stored values, whose number must be that of the shape. */
    void assign(float[] values, Layout layout) {
        INDArray stored = Nd4j.create(values, stored(layout).shape(), 'c');
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

    /** Role of a parameter in its layer, with its place in each layout. */
    enum Role {
        CONV_KERNEL("W", 0, "kernel", "weight"),
        DENSE_KERNEL("W", 0, "kernel", "weight"),
        BIAS("b", 1, "bias", "bias"),
        GAMMA("gamma", 0, "gamma", "weight"),
        BETA("beta", 1, "beta", "bias"),
        MEAN("mean", 2, "moving_mean", "running_mean"),
        VARIANCE("var", 3, "moving_variance", "running_var");

        private final String parameter;
        private final int kerasPosition;
        private final String kerasName;
        private final String torchName;

        Role(String parameter, int kerasPosition, String kerasName, String torchName) {
            this.parameter = parameter;
            this.kerasPosition = kerasPosition;
            this.kerasName = kerasName;
            this.torchName = torchName;
        }

        /** The role of a DL4J parameter in a layer of this library's networks. */
        static Role of(Layer layer, String parameter) {
            for (Role role : values()) {
                boolean kind =
                        switch (role) {
                            case CONV_KERNEL -> layer instanceof ConvolutionLayer;
                            case DENSE_KERNEL -> layer instanceof DenseLayer;
                            case BIAS -> !(layer instanceof BatchNormalization);
                            case GAMMA, BETA, MEAN, VARIANCE -> layer instanceof BatchNormalization;
                        };
                if (kind && role.parameter.equals(parameter)) {
                    return role;
                }
            }
            throw new IllegalArgumentException(
                    "layer '%s' has a parameter '%s'; expected convolution, dense or batch normalisation"
                            .formatted(layer.getLayerName(), parameter));
        }

        int kerasPosition() {
            return kerasPosition;
        }

        String kerasName() {
            return kerasName;
        }

        String torchName() {
            return torchName;
        }
    }
}
