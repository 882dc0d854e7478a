package org.deepcovid.core.training;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.deepcovid.core.model.Backbone;

/**
 * The part of the pre-trained network that is trained together with the head. Frozen layers cost
 * one pass over the images in all; trained ones cost a forward and a backward pass in every epoch.
 */
public sealed interface TrainableLayers {

    /** The choice in words, for reports. */
    String describe();

    /** The whole backbone stays as it was pre-trained, as in the paper. */
    record HeadOnly() implements TrainableLayers {

        @Override
        public String describe() {
            return "head only";
        }
    }

    /**
     * A layer and everything that its input does not depend on: the layers after it, and the
     * branches beside it. So naming the first layer of a block trains the block and what follows.
     *
     * @param layer name of a vertex of the backbone's graph, such as {@code "fire8.squeeze"}
     */
    record FromLayer(String layer) implements TrainableLayers {

        public FromLayer {
            requireNonNull(layer, "layer is null");
            if (layer.isBlank()) {
                throw new IllegalArgumentException(
                        "layer is blank; expected the name of a layer of the backbone");
            }
        }

        @Override
        public String describe() {
            return "head and the layers from " + layer + " on";
        }
    }

    /**
     * The last stage of the network: of the layers whose names begin like the last convolution's,
     * up to the first dot, the first one and what follows it. That is {@code fire9} of SqueezeNet,
     * {@code layer4} of a ResNet and {@code denseblock4} of DenseNet-121.
     */
    record LastStage() implements TrainableLayers {

        /** The first layer of a network's last stage. */
        public FromLayer in(Backbone backbone) {
            return new FromLayer(NetworkCut.lastStage(backbone));
        }

        @Override
        public String describe() {
            return "head and the last stage";
        }
    }

    /** Every layer is trained. */
    record WholeBackbone() implements TrainableLayers {

        @Override
        public String describe() {
            return "head and all layers";
        }
    }

    /** The head alone, as in the paper. */
    static TrainableLayers headOnly() {
        return new HeadOnly();
    }

    /** The head, a layer, and everything that the layer's input does not depend on. */
    static TrainableLayers fromLayer(String layer) {
        return new FromLayer(layer);
    }

    /** The head and the last stage. */
    static TrainableLayers lastStage() {
        return new LastStage();
    }

    /** Names of a network's layers with parameters, which training can start from, in order. */
    static List<String> layersOf(Backbone backbone) {
        return NetworkCut.layerNames(backbone);
    }

    /** The head and every layer. */
    static TrainableLayers wholeBackbone() {
        return new WholeBackbone();
    }
}
