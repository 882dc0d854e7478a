package org.deepcovid.core.image.dicom;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;

/**
 * The grey level of every stored value: modality transform, VOI transform, inversion (PS3.3, C.11.1
 * and C.11.2; the order is that of PS3.4, N.2).
 */
final class GreyLevels {

    private final DataSet data;
    private final PixelLayout layout;
    private final Optional<LookupTable> modality;
    private final double slope;
    private final double intercept;

    private GreyLevels(DataSet data, PixelLayout layout) throws IOException {
        this.data = data;
        this.layout = layout;
        modality = table(Tag.MODALITY_LUT_SEQUENCE);
        slope = data.decimal(Tag.RESCALE_SLOPE).orElse(1);
        intercept = data.decimal(Tag.RESCALE_INTERCEPT).orElse(0);
        if (slope == 0) {
            throw new IOException("its %s is 0".formatted(Tag.RESCALE_SLOPE));
        }
    }

    /**
     * Grey levels by stored value.
     *
     * @return {@code 2^bitsStored} levels of 8 bits
     */
    static byte[] of(DataSet data, PixelLayout layout) throws IOException {
        return new GreyLevels(data, layout).levels();
    }

    private byte[] levels() throws IOException {
        DoubleUnaryOperator voi = voi();
        boolean inverted = layout.photometric() == PixelLayout.Photometric.MONOCHROME1;
        byte[] levels = new byte[layout.maxStored() + 1];
        for (int stored = 0; stored < levels.length; stored++) {
            double shown = voi.applyAsDouble(modality(layout.value(stored)));
            double clamped = Math.max(0, Math.min(1, shown));
            levels[stored] = (byte) Math.round(255 * (inverted ? 1 - clamped : clamped));
        }
        blackenPadding(levels);
        return levels;
    }

    private Optional<LookupTable> table(Tag sequence) throws IOException {
        Optional<DataSet> item = data.item(sequence);
        return item.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        LookupTable.of(
                                item.get(), Tag.LUT_DESCRIPTOR, Tag.LUT_DATA, layout.signed()));
    }

    private double modality(int value) {
        return modality.isPresent() ? modality.get().of(value) : slope * value + intercept;
    }

    /** From values after the modality transform to 0 (black) to 1, to be clamped. */
    private DoubleUnaryOperator voi() throws IOException {
        OptionalDouble center = data.decimal(Tag.WINDOW_CENTER);
        OptionalDouble width = data.decimal(Tag.WINDOW_WIDTH);
        if (center.isPresent() != width.isPresent()) {
            throw new IOException(
                    "it has only one of %s and %s".formatted(Tag.WINDOW_CENTER, Tag.WINDOW_WIDTH));
        }
        if (center.isPresent()) {
            return window(center.getAsDouble(), width.getAsDouble());
        }
        Optional<LookupTable> lut = table(Tag.VOI_LUT_SEQUENCE);
        if (lut.isPresent()) {
            return value -> lut.get().of(value) / (double) lut.get().max();
        }
        return fullRange();
    }

    /** The functions of PS3.3, C.11.2.1.2 and C.11.2.1.3. */
    private DoubleUnaryOperator window(double center, double width) throws IOException {
        String function = data.text(Tag.VOI_LUT_FUNCTION);
        boolean linear = function.isEmpty() || function.equals("LINEAR");
        if (linear ? width < 1 : width <= 0) {
            throw new IOException(
                    "its %s is %s; expected %s"
                            .formatted(
                                    Tag.WINDOW_WIDTH,
                                    width,
                                    linear ? "at least 1" : "more than 0"));
        }
        if (linear) {
            double middle = center - 0.5;
            return width == 1
                    ? value -> value > middle ? 1 : 0
                    : value -> (value - middle) / (width - 1) + 0.5;
        }
        return switch (function) {
            case "LINEAR_EXACT" -> value -> (value - center) / width + 0.5;
            case "SIGMOID" -> value -> 1 / (1 + Math.exp(-4 * (value - center) / width));
            default ->
                    throw new IOException(
                            "its %s is '%s'; expected LINEAR, LINEAR_EXACT or SIGMOID"
                                    .formatted(Tag.VOI_LUT_FUNCTION, function));
        };
    }

    private DoubleUnaryOperator fullRange() {
        if (modality.isPresent()) {
            return value -> value / modality.get().max();
        }
        int lowest = layout.signed() ? -(1 << (layout.bitsStored() - 1)) : 0;
        double first = modality(lowest);
        double last = modality(lowest + layout.maxStored());
        double black = Math.min(first, last);
        double range = Math.abs(last - first);
        return value -> (value - black) / range;
    }

    /** Padding around the image (PS3.3, C.7.5.1.1.2) is black. */
    private void blackenPadding(byte[] levels) throws IOException {
        if (!data.has(Tag.PIXEL_PADDING_VALUE)) {
            return;
        }
        int padding = data.number(Tag.PIXEL_PADDING_VALUE);
        int limit = data.number(Tag.PIXEL_PADDING_RANGE_LIMIT, padding);
        int from = Math.min(padding(padding), padding(limit));
        int to = Math.max(padding(padding), padding(limit));
        for (int stored = 0; stored < levels.length; stored++) {
            int value = layout.value(stored);
            if (value >= from && value <= to) {
                levels[stored] = 0;
            }
        }
    }

    private int padding(int number) {
        return layout.signed() ? (short) number : number;
    }
}
