package org.deepcovid.eval.explain;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a layer computed for one image, and how a logit depends on it.
 *
 * @param channels number of channels C
 * @param height of the feature map
 * @param width of the feature map
 * @param activations [C, height, width], last index fastest
 * @param gradients derivative of the logit by each activation, of the same length
 */
@SuppressWarnings("ArrayRecordComponent") // internal, never compared, too large to copy
record LayerEvidence(int channels, int height, int width, float[] activations, float[] gradients) {

    LayerEvidence {
        int expected = channels * height * width;
        if (activations.length != expected || gradients.length != expected) {
            throw new IllegalArgumentException(
                    "%d activations and %d gradients; expected %d of each"
                            .formatted(activations.length, gradients.length, expected));
        }
    }

    /** From arrays [1, C, h, w]. */
    static LayerEvidence of(String layer, INDArray activations, INDArray gradients) {
        if (activations.rank() != 4) {
            throw new IllegalArgumentException(
                    "layer '%s' gives an array of shape %s; expected feature maps [1, C, h, w]"
                            .formatted(layer, Arrays.toString(activations.shape())));
        }
        return new LayerEvidence(
                        (int) activations.size(1),
                        (int) activations.size(2),
                        (int) activations.size(3),
                        floats(activations),
                        floats(gradients))
                .requireFinite(layer);
    }

    private static float[] floats(INDArray array) {
        return array.dup('c').data().asFloat();
    }

    LayerEvidence requireFinite(String layer) {
        requireFinite(layer, "activation", activations);
        requireFinite(layer, "gradient", gradients);
        return this;
    }

    private void requireFinite(String layer, String kind, float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalStateException(
                        "%s %s at layer '%s', channel %d; no map can be drawn (are the weights finite?)"
                                .formatted(kind, values[i], layer, i / (height * width)));
            }
        }
    }

    int cells() {
        return height * width;
    }

    /** Sum over the channels of a weight times the activation, for every cell. */
    EvidenceGrid weighted(double[] weights) {
        double[] map = new double[cells()];
        for (int c = 0; c < channels; c++) {
            for (int i = 0; i < map.length; i++) {
                map[i] += weights[c] * activations[c * map.length + i];
            }
        }
        return new EvidenceGrid(height, width, map);
    }
}
