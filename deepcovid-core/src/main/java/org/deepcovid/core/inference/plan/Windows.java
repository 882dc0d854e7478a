package org.deepcovid.core.inference.plan;

import org.deeplearning4j.nn.conf.ConvolutionMode;

/** Turns DL4J's declarations of kernels and modes into windows with explicit padding. */
final class Windows {

    private Windows() {}

    /** A window as a layer declares it, each argument rows first. */
    static Window declared(int[] kernel, int[] stride, int[] dilation, int[] padding) {
        return new Window(
                extent(kernel),
                extent(stride),
                extent(dilation),
                new Padding(padding[0], padding[1], padding[0], padding[1]));
    }

    private static Extent extent(int[] rowsAndColumns) {
        return new Extent(rowsAndColumns[0], rowsAndColumns[1]);
    }

    /** What the mode of a layer makes of its declared window. */
    static Window inMode(
            ConvolutionMode mode, String layer, ActivationShape input, Window declared) {
        return switch (mode) {
            case Truncate, Strict -> declared;
            case Same -> same(input, declared);
            case Causal ->
                    throw new UnsupportedLayerException(
                            layer, "convolution mode Causal cannot be compiled");
        };
    }

    /** Same: the output has ceil(input / stride) positions; an odd row of padding goes below. */
    private static Window same(ActivationShape input, Window w) {
        Extent kernel = w.kernel();
        Extent stride = w.stride();
        Extent dilation = w.dilation();
        int rows = missing(input.height(), kernel.height(), stride.height(), dilation.height());
        int columns = missing(input.width(), kernel.width(), stride.width(), dilation.width());
        return new Window(
                kernel,
                stride,
                dilation,
                new Padding(rows / 2, columns / 2, rows - rows / 2, columns - columns / 2));
    }

    private static int missing(int extent, int kernel, int stride, int dilation) {
        int positions = (extent + stride - 1) / stride;
        int span = (kernel - 1) * dilation + 1;
        return Math.max(0, (positions - 1) * stride + span - extent);
    }
}
