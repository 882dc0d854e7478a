package org.deepcovid.core.inference.onnx;

import java.util.List;
import java.util.function.Supplier;
import org.deepcovid.core.inference.plan.BatchNormNode;
import org.deepcovid.core.inference.plan.NetworkParameters;

/**
 * A batch normalisation as what it is in inference mode: a factor and a summand a channel, computed
 * in double precision.
 */
record ChannelScale(BatchNormNode node, int channels, NetworkParameters parameters) {

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

    /** The factors, rounded. */
    float[] factor() {
        return rounded(factors());
    }

    /** The summands for input that already holds a bias, or 0 where the input has none. */
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

    /** A kernel [channels, ...] whose outputs come out scaled. */
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
