package org.deepcovid.core.model.tensors;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What a safetensors file says about one tensor, before its values are read.
 *
 * @param name unique in the file
 * @param type element type
 * @param shape extents, outermost first, none negative; empty for a scalar
 */
public record TensorHeader(String name, TensorType type, List<Long> shape) {

    /**
     * Checks and copies the components.
     *
     * @throws NullPointerException if a component is null
     * @throws IllegalArgumentException if an extent is negative or the tensor's size in bytes does
     *     not fit a long
     */
    public TensorHeader {
        requireNonNull(name, "name is null");
        requireNonNull(type, "type is null");
        shape = List.copyOf(shape);
        bytesOf(name, type, shape);
    }

    /**
     * Number of elements, the product of the extents.
     *
     * @return 1 for a scalar, 0 if an extent is 0
     */
    public long elements() {
        return bytes() / type.bytes();
    }

    /**
     * Size of the values in the file.
     *
     * @return bytes
     */
    public long bytes() {
        return bytesOf(name, type, shape);
    }

    private static long bytesOf(String name, TensorType type, List<Long> shape) {
        long bytes = type.bytes();
        try {
            for (long extent : shape) {
                if (extent < 0) {
                    throw new IllegalArgumentException(
                            "tensor '%s' has shape %s; expected no negative extent"
                                    .formatted(name, shape));
                }
                bytes = Math.multiplyExact(bytes, extent);
            }
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "tensor '%s' has shape %s, larger than any file".formatted(name, shape), e);
        }
        return bytes;
    }
}
