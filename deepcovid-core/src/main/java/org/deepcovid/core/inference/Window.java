package org.deepcovid.core.inference;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.deepcovid.core.inference.NetworkPlan.CellCentres;

/**
 * Sliding window of a convolution or pooling. Positions beyond the padded map are left out: output
 * sizes are rounded down.
 *
 * @param kernel size before dilation
 * @param stride step between windows
 * @param dilation step between the elements of one window
 * @param padding rows and columns around the map, fewer than the dilated kernel has
 */
public record Window(Extent kernel, Extent stride, Extent dilation, Padding padding) {

    /** A number of rows and a number of columns, each 1 to 32767. */
    public record Extent(int height, int width) {

        static final Extent ONE = new Extent(1, 1);

        public Extent {
            if (height < 1 || width < 1 || height > Short.MAX_VALUE || width > Short.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "extent %d x %d; expected 1 to %d"
                                .formatted(height, width, Short.MAX_VALUE));
            }
        }
    }

    /** Rows and columns added around a map, each 0 to 32767. */
    public record Padding(int top, int left, int bottom, int right) {

        static final Padding NONE = new Padding(0, 0, 0, 0);

        public Padding {
            if (Math.min(Math.min(top, left), Math.min(bottom, right)) < 0
                    || Math.max(Math.max(top, left), Math.max(bottom, right)) > Short.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "padding top %d, left %d, bottom %d, right %d; expected 0 to %d"
                                .formatted(top, left, bottom, right, Short.MAX_VALUE));
            }
        }
    }

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
     * This window with the padding of DL4J's mode Same: the output has ceil(input / stride)
     * positions; an odd row of padding goes below, an odd column to the right.
     */
    Window samePadding(ActivationShape input) {
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
        return Math.max(0, (positions - 1) * stride + span(kernel, dilation) - extent);
    }

    /** Centres of the windows; empty if the two directions differ. */
    Optional<CellCentres> centres(CellCentres below) {
        int height = span(kernel.height(), dilation.height());
        boolean square =
                height == span(kernel.width(), dilation.width())
                        && stride.height() == stride.width()
                        && padding.top() == padding.left();
        double first = below.first() + below.step() * ((height - 1) / 2.0 - padding.top());
        return square
                ? Optional.of(new CellCentres(first, below.step() * stride.height()))
                : Optional.empty();
    }

    /**
     * Shape of the output for an input [C, H, W].
     *
     * @throws IllegalArgumentException if the input is no map or smaller than the window
     */
    ActivationShape outputShape(ActivationShape input, int channels) {
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
