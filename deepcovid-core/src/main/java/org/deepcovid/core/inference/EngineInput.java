package org.deepcovid.core.inference;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Set;
import org.deepcovid.core.inference.plan.ActivationShape;
import org.deepcovid.core.inference.plan.NetworkOutput;

/** Checks of what enters an engine. */
final class EngineInput {

    private static final int LANES = 4096;

    private EngineInput() {}

    /** Number of images in the buffer. */
    static int batch(FloatBuffer images, ActivationShape shape) {
        int each = shape.size();
        if (images.remaining() == 0 || images.remaining() % each != 0) {
            throw new IllegalArgumentException(
                    "images hold %d values; expected N x %d for N images of shape %s, N at least 1"
                            .formatted(images.remaining(), each, shape.extents()));
        }
        return images.remaining() / each;
    }

    static void requireKnown(Set<NetworkOutput> wanted, Set<NetworkOutput> known) {
        if (wanted.isEmpty() || !known.containsAll(wanted)) {
            throw new IllegalArgumentException(
                    "wanted are %s; expected some of %s".formatted(wanted, known));
        }
    }

    static boolean usableInPlace(FloatBuffer images) {
        return images.isDirect() && images.order() == ByteOrder.nativeOrder();
    }

    /** Networks swallow NaN in ReLU and pooling and answer as if nothing were wrong. */
    static void requireFinite(FloatBuffer images, int batch) {
        if (!allFinite(images)) {
            throw new IllegalArgumentException(firstInfinite(images, batch));
        }
    }

    /**
     * A finite number times 0 is 0, any other NaN. Sums of these, a lane each, are what the
     * just-in-time compiler turns into vector instructions: this runs over every pixel.
     */
    private static boolean allFinite(FloatBuffer images) {
        float[] chunk = new float[LANES];
        float[] doubts = new float[LANES];
        FloatBuffer rest = images.duplicate();
        while (rest.hasRemaining()) {
            int count = Math.min(LANES, rest.remaining());
            rest.get(chunk, 0, count);
            for (int i = 0; i < count; i++) {
                doubts[i] += chunk[i] * 0f;
            }
        }
        for (float doubt : doubts) {
            if (Float.isNaN(doubt)) {
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
