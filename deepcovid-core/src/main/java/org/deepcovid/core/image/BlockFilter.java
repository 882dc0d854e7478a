package org.deepcovid.core.image;

import java.util.Arrays;

/**
 * The weights of a resize by blocks of 8 samples and by frequency, which say what a cosine of a
 * block adds to the outputs that the block reaches.
 */
final class BlockFilter {

    private final int outputs;
    private final int[] first;
    private final float[][] weights;

    BlockFilter(ResizeFilter filter) {
        outputs = filter.length();
        int blocks = (filter.end() + Cosines.LENGTH - 1) / Cosines.LENGTH;
        first = new int[blocks];
        int[] end = new int[blocks];
        Arrays.fill(first, outputs);
        for (int output = 0; output < outputs; output++) {
            int last = (filter.end(output) - 1) / Cosines.LENGTH;
            for (int block = filter.start(output) / Cosines.LENGTH; block <= last; block++) {
                first[block] = Math.min(first[block], output);
                end[block] = output + 1;
            }
        }
        weights = new float[blocks][];
        for (int block = 0; block < blocks; block++) {
            weights[block] = new float[Cosines.LENGTH * Math.max(0, end[block] - first[block])];
        }
        for (int output = 0; output < outputs; output++) {
            addOutput(filter, output);
        }
    }

    private void addOutput(ResizeFilter filter, int output) {
        int[] samples = filter.weights(output);
        for (int i = 0; i < samples.length; i++) {
            int at = filter.start(output) + i;
            int block = at / Cosines.LENGTH;
            float weight = samples[i] / (float) (1 << ResizeFilter.BITS);
            int from = (output - first[block]) * Cosines.LENGTH;
            for (int frequency = 0; frequency < Cosines.LENGTH; frequency++) {
                weights[block][from + frequency] +=
                        weight * Cosines.at(frequency, at % Cosines.LENGTH);
            }
        }
    }

    /** Number of outputs of the resize. */
    int outputs() {
        return outputs;
    }

    /** Whether any output depends on a block. */
    boolean reaches(int block) {
        return block < first.length && weights[block].length > 0;
    }

    /** The first output that depends on a block. */
    int first(int block) {
        return first[block];
    }

    /** The number of outputs that depend on a block. */
    int count(int block) {
        return weights[block].length / Cosines.LENGTH;
    }

    /** All frequencies of the first output, then of the second, and so on; not to be written to. */
    float[] weights(int block) {
        return weights[block];
    }
}
