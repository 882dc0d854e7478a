package org.deepcovid.core.inference;

import java.util.List;
import java.util.function.Supplier;

/**
 * Batch normalisation in inference mode: a factor and a summand per channel, computed in double.
 */
record ChannelScale(PlanNode.BatchNorm node, int channels, NetworkParameters parameters) {

    private float[] parameter(String name) {
        return parameters.require(node.name() + "/" + name, List.of(channels));
    }

    private double[] factors() {
        float[] gamma = parameter("gamma");
        float[] spread = parameter(node.spread().parameter());
        double[] factors = new double[channels];
        for (int c = 0; c < channels; c++) {
            double variance = node.spread().variance(spread[c]) + node.epsilon();
            if (!(variance > 0)) {
                throw new IllegalArgumentException(
                        "variance of channel %d of '%s' is %s; expected a positive number"
                                .formatted(c, node.name(), variance));
            }
            factors[c] = gamma[c] / Math.sqrt(variance);
        }
        return factors;
    }

    float[] factor() {
        return rounded(factors());
    }

    /** The summands, given the bias that the input already contains (zeros if none). */
    float[] summand(Supplier<float[]> bias) {
        double[] factors = factors();
        float[] beta = parameter("beta");
        float[] mean = parameter("mean");
        float[] before = bias.get();
        double[] summands = new double[channels];
        for (int c = 0; c < channels; c++) {
            summands[c] = beta[c] + (before[c] - (double) mean[c]) * factors[c];
        }
        return rounded(summands);
    }

    /** The kernel [channels, ...] that gives scaled outputs. */
    float[] scaleOutputs(float[] kernel) {
        double[] factors = factors();
        int each = kernel.length / channels;
        float[] scaled = new float[kernel.length];
        for (int c = 0; c < channels; c++) {
            double factor = factors[c];
            for (int i = c * each; i < (c + 1) * each; i++) {
                scaled[i] = (float) (kernel[i] * factor);
            }
        }
        return scaled;
    }

    private static float[] rounded(double[] values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = (float) values[i];
        }
        return rounded;
    }
}
