package org.deepcovid.core.inference.plan;

import static java.util.Objects.requireNonNull;

/**
 * How a convolution or a pooling slides over a map. Positions that would reach beyond the padded
 * map are left out (the output's extent is rounded down).
 *
 * @param kernel extent of the window, before dilation
 * @param stride step between windows
 * @param dilation step between the elements of one window
 * @param padding rows and columns around the map, fewer than the dilated kernel has
 */
public record Window(Extent kernel, Extent stride, Extent dilation, Padding padding) {

    /**
     * Checks the components.
     *
     * @throws NullPointerException if one is null
     * @throws IllegalArgumentException if the padding is as large as the dilated kernel
     */
    public Window {
        requireNonNull(kernel, "kernel is null");
        requireNonNull(stride, "stride is null");
        requireNonNull(dilation, "dilation is null");
        requireNonNull(padding, "padding is null");
        if (Math.max(padding.top(), padding.bottom()) >= span(kernel.height(), dilation.height())
                || Math.max(padding.left(), padding.right())
                        >= span(kernel.width(), dilation.width())) {
            throw new IllegalArgumentException(
                    "%s for kernel %s, dilation %s; expected less than the dilated kernel"
                            .formatted(padding, kernel, dilation));
        }
    }

    private static int span(int kernel, int dilation) {
        return (kernel - 1) * dilation + 1;
    }

    /**
     * Shape of what the window makes of a map.
     *
     * @param input [C, H, W]
     * @param channels of the output
     * @return [channels, h, w]
     * @throws IllegalArgumentException if the input is no map or smaller than the window
     */
    ActivationShape slideOver(ActivationShape input, int channels) {
        if (!input.isMap()) {
            throw new IllegalArgumentException(
                    "a window slides over %s; expected a map [C, H, W]".formatted(input.extents()));
        }
        int rows = input.height() + padding.top() + padding.bottom();
        int columns = input.width() + padding.left() + padding.right();
        int height = span(kernel.height(), dilation.height());
        int width = span(kernel.width(), dilation.width());
        if (rows < height || columns < width) {
            throw new IllegalArgumentException(
                    "a window of %d x %d slides over a padded map of %d x %d; expected a smaller one"
                            .formatted(height, width, rows, columns));
        }
        return ActivationShape.map(
                channels,
                (rows - height) / stride.height() + 1,
                (columns - width) / stride.width() + 1);
    }
}
