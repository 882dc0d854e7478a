package org.deepcovid.core.model;

import java.util.Arrays;
import java.util.List;

/**
 * A linear layer over pooled features: the trained head of a classifier. It computes in double
 * precision in a fixed order, so that results are equal to the bit on every machine. Immutable.
 */
public final class LinearHead {

    private final int classes;
    private final int features;
    private final float[] weights;
    private final float[] bias;

    /**
     * Copies the parameters.
     *
     * @param weights row-major [classes, features]
     * @param bias [classes]
     * @throws IllegalArgumentException if the lengths do not fit or a value is not finite
     */
    public LinearHead(float[] weights, float[] bias) {
        if (bias.length == 0 || weights.length == 0 || weights.length % bias.length != 0) {
            throw new IllegalArgumentException(
                    "head has %d weights and %d biases; expected classes x features and classes"
                            .formatted(weights.length, bias.length));
        }
        this.weights = weights.clone();
        this.bias = bias.clone();
        this.classes = bias.length;
        this.features = weights.length / bias.length;
        requireFinite("weight", this.weights);
        requireFinite("bias", this.bias);
    }

    /**
     * The head whose logits are the means of several heads' logits.
     *
     * @param heads at least one, of equal size
     */
    public static LinearHead mean(List<LinearHead> heads) {
        return new LinearHead(
                mean(
                        heads.stream().map(head -> head.weights).toList(),
                        heads.get(0).weights.length),
                mean(heads.stream().map(head -> head.bias).toList(), heads.get(0).classes));
    }

    private static float[] mean(List<float[]> all, int length) {
        float[] mean = new float[length];
        for (int i = 0; i < length; i++) {
            double sum = 0;
            for (float[] values : all) {
                sum += values[i];
            }
            mean[i] = (float) (sum / all.size());
        }
        return mean;
    }

    private static void requireFinite(String name, float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException(
                        "%s %d of the head is %s; expected a finite number (did training diverge?)"
                                .formatted(name, i, values[i]));
            }
        }
    }

    public int classes() {
        return classes;
    }

    public int features() {
        return features;
    }

    /** A copy of the weights, row-major [classes, features]. */
    public float[] weights() {
        return weights.clone();
    }

    /** A copy of the bias, [classes]. */
    public float[] bias() {
        return bias.clone();
    }

    /**
     * One logit per class.
     *
     * @param pooled one feature vector, of length {@link #features()}
     * @throws IllegalArgumentException if the length differs
     */
    public double[] logits(float[] pooled) {
        if (pooled.length != features) {
            throw new IllegalArgumentException(
                    "%d features given; the head was trained on %d"
                            .formatted(pooled.length, features));
        }
        double[] logits = new double[classes];
        for (int c = 0; c < classes; c++) {
            double sum = bias[c];
            for (int f = 0; f < features; f++) {
                sum += (double) weights[c * features + f] * pooled[f];
            }
            logits[c] = sum;
        }
        return logits;
    }

    /** Softmax of the logits: one probability per class, each in [0, 1]. */
    public double[] probabilities(float[] pooled) {
        return softmax(logits(pooled));
    }

    /** Softmax of logits, which may be of any size; the array is overwritten and returned. */
    public static double[] softmax(double[] logits) {
        double largest = Arrays.stream(logits).max().orElseThrow();
        double sum = 0;
        for (int c = 0; c < logits.length; c++) {
            logits[c] = Math.exp(logits[c] - largest);
            sum += logits[c];
        }
        for (int c = 0; c < logits.length; c++) {
            logits[c] /= sum;
        }
        return logits;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LinearHead head
                && Arrays.equals(weights, head.weights)
                && Arrays.equals(bias, head.bias);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(weights) + Arrays.hashCode(bias);
    }
}
