package org.deepcovid.core.inference;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Set;

/** Validation of engine inputs. */
final class EngineInput {

    private static final int LANES = 4096;

    private EngineInput() {}

    static int batch(FloatBuffer images, ActivationShape shape) {
        int each = shape.size();
        if (images.remaining() == 0 || images.remaining() % each != 0) {
            throw new IllegalArgumentException(
                    "images hold %d values; expected N x %d for N images of shape %s, N at least 1"
                            .formatted(images.remaining(), each, shape.extents()));
        }
        return images.remaining() / each;
    }

    static void requireKnown(Set<NetworkOutput> requested, Set<NetworkOutput> known) {
        if (requested.isEmpty() || !known.containsAll(requested)) {
            throw new IllegalArgumentException(
                    "requested outputs %s; expected some of %s".formatted(requested, known));
        }
    }

    static boolean usableInPlace(FloatBuffer images) {
        return images.isDirect() && images.order() == ByteOrder.nativeOrder();
    }

    /** ReLU and max pooling turn NaN into ordinary numbers, so the error would go unnoticed. */
    static void requireFinite(FloatBuffer images, int batch) {
        if (!allFinite(images)) {
            throw new IllegalArgumentException(firstInfinite(images, batch));
        }
    }

    /**
     * Finite numbers times 0 are 0, all others NaN. Summing the products in separate lanes lets the
     * JIT compiler vectorise the loop, which covers every pixel.
     */
    private static boolean allFinite(FloatBuffer images) {
        float[] chunk = new float[LANES];
        float[] sums = new float[LANES];
        FloatBuffer rest = images.duplicate();
        while (rest.hasRemaining()) {
            int count = Math.min(LANES, rest.remaining());
            rest.get(chunk, 0, count);
            for (int i = 0; i < count; i++) {
                sums[i] += chunk[i] * 0f;
            }
        }
        for (float sum : sums) {
            if (Float.isNaN(sum)) {
                return false;
            }
        }
        return true;
    }

    private static String firstInfinite(FloatBuffer images, int batch) {
        int each = images.remaining() / batch;
        int i = images.position();
        while (Float.isFinite(images.get(i))) {
            i++;
        }
        return "image %d of the batch holds %s; expected finite numbers"
                .formatted((i - images.position()) / each, images.get(i));
    }
}
