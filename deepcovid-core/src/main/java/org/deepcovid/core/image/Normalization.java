package org.deepcovid.core.image;

import java.util.List;

/**
 * Conversion of 8-bit RGB samples to network inputs: {@code (sample * scale - mean[c]) / std[c]},
 * in planes of the declared order. Weights must be used with the normalisation they were trained
 * with.
 *
 * @param order order of the three channel planes; mean and std are given in this order
 * @param scale factor applied to samples of 0 to 255, 1 or 1/255
 * @param mean three values, in the scaled unit
 * @param std three positive values, in the scaled unit
 */
public record Normalization(ChannelOrder order, double scale, List<Double> mean, List<Double> std) {

    /** BGR, ImageNet means subtracted, samples unscaled: Keras' {@code caffe} mode. */
    public static final Normalization CAFFE =
            new Normalization(
                    ChannelOrder.BGR,
                    1.0,
                    List.of(103.939, 116.779, 123.68),
                    List.of(1.0, 1.0, 1.0));

    /** RGB, scaled to [0, 1], ImageNet mean and deviation: torchvision's convention. */
    public static final Normalization TORCH =
            new Normalization(
                    ChannelOrder.RGB,
                    1.0 / 255,
                    List.of(0.485, 0.456, 0.406),
                    List.of(0.229, 0.224, 0.225));

    /** Order of the channel planes of a network input. */
    public enum ChannelOrder {
        /** Red, green, blue. */
        RGB,
        /** Blue, green, red. */
        BGR
    }

    /**
     * @throws IllegalArgumentException unless both lists have three values, scale and deviations
     *     are positive, and samples from 0 to 255 become finite inputs
     */
    public Normalization {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (mean.size() != 3 || std.size() != 3) {
            throw new IllegalArgumentException(
                    "normalization has %d means and %d deviations; expected 3 of each"
                            .formatted(mean.size(), std.size()));
        }
        requirePositive("scale", scale);
        for (int c = 0; c < 3; c++) {
            requirePositive("std[" + c + "]", std.get(c));
            float black = (float) (-mean.get(c) / std.get(c));
            float white = (float) ((255 * scale - mean.get(c)) / std.get(c));
            if (!Float.isFinite(black) || !Float.isFinite(white)) {
                throw new IllegalArgumentException(
                        "mean[%d] %s, std %s and scale %s map samples to %s to %s; expected finite"
                                        .formatted(c, mean.get(c), std.get(c), scale, black, white)
                                + " numbers");
            }
        }
    }

    private static void requirePositive(String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "%s is %s; expected a positive finite number".formatted(name, value));
        }
    }

    /**
     * Index of the RGB channel that a plane of the network input holds.
     *
     * @param plane 0, 1 or 2
     * @return 0 for red, 1 for green, 2 for blue
     */
    public int rgbChannelOf(int plane) {
        return order == ChannelOrder.RGB ? plane : 2 - plane;
    }

    /**
     * Normalises one sample.
     *
     * @param plane plane of the network input, 0, 1 or 2
     * @param sample 0 to 255
     * @return the network's input value
     */
    public float apply(int plane, double sample) {
        return (float) ((sample * scale - mean.get(plane)) / std.get(plane));
    }
}
