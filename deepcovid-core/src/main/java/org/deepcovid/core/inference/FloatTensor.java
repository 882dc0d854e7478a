package org.deepcovid.core.inference;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Immutable float32 array whose first dimension is the batch. */
public final class FloatTensor {

    private final List<Integer> shape;
    private final float[] values;

    /** Does not copy the values; the caller must not change them. */
    FloatTensor(List<Integer> shape, float[] values) {
        this.shape = List.copyOf(shape);
        this.values = values;
        int size = shape.stream().reduce(1, Math::multiplyExact);
        if (size != values.length || size == 0) {
            throw new IllegalArgumentException(
                    "%d values for shape %s; expected %d, at least 1"
                            .formatted(values.length, shape, size));
        }
    }

    /**
     * Extents of all dimensions.
     *
     * @return [N, C, h, w] or [N, C]
     */
    public List<Integer> shape() {
        return shape;
    }

    /**
     * Number of images.
     *
     * @return N, at least 1
     */
    public int batch() {
        return shape.get(0);
    }

    /**
     * Values of one image.
     *
     * @param image 0 to N - 1
     * @return a copy, in row-major order
     * @throws IndexOutOfBoundsException if there is no such image
     */
    public float[] row(int image) {
        int each = values.length / batch();
        Objects.checkIndex(image, batch());
        return Arrays.copyOfRange(values, image * each, (image + 1) * each);
    }

    /**
     * All values.
     *
     * @return read-only view, in row-major order
     */
    public FloatBuffer values() {
        return FloatBuffer.wrap(values).asReadOnlyBuffer();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FloatTensor tensor
                && shape.equals(tensor.shape)
                && Arrays.equals(values, tensor.values);
    }

    @Override
    public int hashCode() {
        return 31 * shape.hashCode() + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "float32 " + shape;
    }
}
