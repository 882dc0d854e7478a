package org.deepcovid.eval.explain;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer's feature map for one image and the gradient of a logit with respect to it.
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
                    "output of layer '%s' has shape %s; expected feature maps [1, C, h, w]"
                            .formatted(layer, Arrays.toString(activations.shape())));
        }
        return new LayerEvidence(
                        (int) activations.size(1),
                        (int) activations.size(2),
                        (int) activations.size(3),
                        activations.dup('c').data().asFloat(),
                        gradients.dup('c').data().asFloat())
                .requireFinite(layer);
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
                                .formatted(kind, values[i], layer, i / cells()));
            }
        }
    }

    int cells() {
        return height * width;
    }

    /** Channels weighted by the sums of their gradients. */
    EvidenceGrid cam() {
        return weighted(gradientSums());
    }

    /** Channels weighted by the means of their gradients. */
    EvidenceGrid gradCam() {
        return weighted(Arrays.stream(gradientSums()).map(sum -> sum / cells()).toArray());
    }

    private double[] gradientSums() {
        double[] sums = new double[channels];
        for (int c = 0; c < channels; c++) {
            for (int i = c * cells(); i < (c + 1) * cells(); i++) {
                sums[c] += gradients[i];
            }
        }
        return sums;
    }

    /** Channels weighted by their positive gradients, each with the paper's own weight. */
    EvidenceGrid gradCamPlusPlus() {
        double[] weights = new double[channels];
        for (int c = 0; c < channels; c++) {
            double activation = 0;
            for (int i = c * cells(); i < (c + 1) * cells(); i++) {
                activation += activations[i];
            }
            for (int i = c * cells(); i < (c + 1) * cells(); i++) {
                weights[c] += plusPlus(gradients[i], activation);
            }
        }
        return weighted(weights);
    }

    /** The gradient's weight times its positive part; squares of the gradient cancel out. */
    private static double plusPlus(double gradient, double activationSum) {
        double denominator = 2 + activationSum * gradient;
        return gradient > 0 && denominator > 0 ? gradient / denominator : 0;
    }

    /** Sum over the channels of activation times gradient, for every cell. */
    EvidenceGrid hiResCam() {
        double[] map = new double[cells()];
        for (int i = 0; i < activations.length; i++) {
            map[i % map.length] += (double) activations[i] * gradients[i];
        }
        return new EvidenceGrid(height, width, map);
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
