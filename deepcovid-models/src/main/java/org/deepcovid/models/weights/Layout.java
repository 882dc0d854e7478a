package org.deepcovid.models.weights;

/** How a family of weights files names and orders its values. */
public enum Layout {
    /**
     * Keras: weights of a layer by position; convolution kernels [h, w, in, out], dense kernels
     * [in, out].
     */
    KERAS,
    /**
     * PyTorch: weights by dotted name; convolution kernels [out, in, h, w], dense kernels [out,
     * in].
     */
    TORCH
}
