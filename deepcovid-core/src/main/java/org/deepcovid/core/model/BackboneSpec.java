package org.deepcovid.core.model;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.deepcovid.core.image.Normalization;

/**
 * Inputs and outputs of a backbone. The spec travels with the weights, and preprocessing is derived
 * from it. In JSON all properties are on one level.
 *
 * @param architecture identifies the graph, such as {@code "squeezenet-1.1"}
 * @param flavour variant of the architecture, such as {@code "keras"} or {@code "torchvision"}
 * @param input the image that the network expects
 * @param features the last feature map
 * @param batchNormEpsilon epsilon of every batch normalisation; 0 where the network has none
 * @param source licence of the weights and paper of the network
 */
public record BackboneSpec(
        String architecture,
        String flavour,
        @JsonIgnore Input input,
        @JsonIgnore Features features,
        double batchNormEpsilon,
        @JsonIgnore Source source) {

    private static final int MAX_SIZE = 4096; // 200 MB per image

    /**
     * The input image.
     *
     * @param size height and width in pixels, at most 4096
     * @param normalization from 8-bit samples to inputs; includes the channel order
     */
    public record Input(int size, Normalization normalization) {

        public Input {
            requireNonNull(normalization, "normalization is null");
            requirePositive("inputSize", size);
            if (size > MAX_SIZE) {
                throw new IllegalArgumentException(
                        "inputSize is %d; expected at most %d".formatted(size, MAX_SIZE));
            }
        }
    }

    /**
     * The last feature map, float32 [N, channels, size, size].
     *
     * @param channels also the length of the pooled feature vector
     * @param size height and width, at the input's size
     * @param layer the graph's vertex that outputs the map
     */
    public record Features(int channels, int size, String layer) {

        public Features {
            requireNonNull(layer, "camLayer is null");
            requirePositive("featureChannels", channels);
            requirePositive("featureSize", size);
        }
    }

    /**
     * Licence and publication.
     *
     * @param licence of the weights, as published
     * @param paper author, year and DOI or address
     */
    public record Source(String licence, String paper) {

        public Source {
            requireNonNull(licence, "licence is null");
            requireNonNull(paper, "paper is null");
        }
    }

    public BackboneSpec {
        requireNonNull(architecture, "architecture is null");
        requireNonNull(flavour, "flavour is null");
        requireNonNull(input, "input is null");
        requireNonNull(features, "features is null");
        requireNonNull(source, "source is null");
        if (!(batchNormEpsilon >= 0 && batchNormEpsilon < 1)) {
            throw new IllegalArgumentException(
                    "batchNormEpsilon of %s is %s; expected 0 (no batch norm) or a small number"
                            .formatted(architecture, batchNormEpsilon));
        }
    }

    @JsonCreator
    static BackboneSpec of(
            @JsonProperty(value = "architecture", required = true) String architecture,
            @JsonProperty(value = "flavour", required = true) String flavour,
            @JsonProperty(value = "inputSize", required = true) int inputSize,
            @JsonProperty(value = "normalization", required = true) Normalization normalization,
            @JsonProperty(value = "featureChannels", required = true) int featureChannels,
            @JsonProperty(value = "featureSize", required = true) int featureSize,
            @JsonProperty(value = "camLayer", required = true) String camLayer,
            @JsonProperty(value = "batchNormEpsilon", required = true) double batchNormEpsilon,
            @JsonProperty(value = "licence", required = true) String licence,
            @JsonProperty(value = "paper", required = true) String paper) {
        return new BackboneSpec(
                architecture,
                flavour,
                new Input(inputSize, normalization),
                new Features(featureChannels, featureSize, camLayer),
                batchNormEpsilon,
                new Source(licence, paper));
    }

    private static void requirePositive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(
                    "%s is %d; expected more than 0".formatted(name, value));
        }
    }

    @JsonProperty
    public int inputSize() {
        return input.size();
    }

    @JsonProperty
    public Normalization normalization() {
        return input.normalization();
    }

    @JsonProperty
    public int featureChannels() {
        return features.channels();
    }

    @JsonProperty
    public int featureSize() {
        return features.size();
    }

    @JsonProperty
    public String camLayer() {
        return features.layer();
    }

    @JsonProperty
    public String licence() {
        return source.licence();
    }

    @JsonProperty
    public String paper() {
        return source.paper();
    }
}
