package org.deepcovid.core.model;

import static java.util.Objects.requireNonNull;

import org.deepcovid.core.image.Normalization;

/**
 * What a backbone promises about its inputs and outputs. It travels with the weights: preprocessing
 * is derived from it and never typed a second time.
 *
 * @param architecture identifies the graph, such as {@code "squeezenet-1.1"}
 * @param flavour tells variants of one architecture apart, such as {@code "keras"} or {@code
 *     "torchvision"}
 * @param inputSize height and width of the square input, in pixels
 * @param normalization how 8-bit samples become inputs; holds the channel order
 * @param featureChannels number of channels C of the last feature map, and length of the pooled
 *     feature vector
 * @param featureSize height and width of the last feature map at {@code inputSize}
 * @param camLayer name of the graph vertex that gives the last feature map [N, C, h, w]
 * @param batchNormEpsilon epsilon of every batch normalisation; 0 where the network has none
 * @param licence licence of the weights, as their publisher states it
 * @param paper author, year and DOI or address of the paper that describes the network
 */
public record BackboneSpec(
        String architecture,
        String flavour,
        int inputSize,
        Normalization normalization,
        int featureChannels,
        int featureSize,
        String camLayer,
        double batchNormEpsilon,
        String licence,
        String paper) {

    /**
     * Checks the components.
     *
     * @throws NullPointerException if a component is null
     * @throws IllegalArgumentException if a size is not positive or epsilon is negative
     */
    public BackboneSpec {
        requireNonNull(architecture, "architecture is null");
        requireNonNull(flavour, "flavour is null");
        requireNonNull(normalization, "normalization is null");
        requireNonNull(camLayer, "camLayer is null");
        requireNonNull(licence, "licence is null");
        requireNonNull(paper, "paper is null");
        if (inputSize <= 0 || featureChannels <= 0 || featureSize <= 0) {
            throw new IllegalArgumentException(
                    "%s has inputSize %d, featureChannels %d, featureSize %d; expected all positive"
                            .formatted(architecture, inputSize, featureChannels, featureSize));
        }
        if (!(batchNormEpsilon >= 0 && batchNormEpsilon < 1)) {
            throw new IllegalArgumentException(
                    "batchNormEpsilon of %s is %s; expected 0 (no batch norm) or a small number"
                            .formatted(architecture, batchNormEpsilon));
        }
    }
}
