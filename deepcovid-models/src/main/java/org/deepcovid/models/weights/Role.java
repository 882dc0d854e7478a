package org.deepcovid.models.weights;

import java.util.List;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;

/** What a parameter is to its layer; gives its place in each layout. */
enum Role {
    CONV_KERNEL("W", 0, "kernel", "weight"),
    DENSE_KERNEL("W", 0, "kernel", "weight"),
    BIAS("b", 1, "bias", "bias"),
    GAMMA("gamma", 0, "gamma", "weight"),
    BETA("beta", 1, "beta", "bias"),
    MEAN("mean", 2, "moving_mean", "running_mean"),
    VARIANCE("var", 3, "moving_variance", "running_var");

    private static final List<Role> KERNEL_ROLES = List.of(CONV_KERNEL, DENSE_KERNEL);

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

    boolean kernel() {
        return KERNEL_ROLES.contains(this);
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
