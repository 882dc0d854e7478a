package org.deepcovid.core.inference;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Set;
import org.deepcovid.core.inference.plan.ActivationShape;
import org.deepcovid.core.inference.plan.NetworkOutput;

/** Checks of what enters an engine. */
final class EngineInput {

    private static final int EXPONENT = 0x7F80_0000;
    private static final int LOWEST_EXPONENT_BIT = 0x0080_0000;

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

    /** A carry out of the exponent tells infinity and NaN; four lanes, since it runs per pixel. */
    private static boolean allFinite(FloatBuffer images) {
        int from = images.position();
        int to = images.limit();
        int a = 0;
        int b = 0;
        int c = 0;
        int d = 0;
        int i = from;
        for (; i + 3 < to; i += 4) {
            a |= carry(images.get(i));
            b |= carry(images.get(i + 1));
            c |= carry(images.get(i + 2));
            d |= carry(images.get(i + 3));
        }
        for (; i < to; i++) {
            a |= carry(images.get(i));
        }
        return (a | b | c | d) >= 0;
    }

    private static int carry(float value) {
        return (Float.floatToRawIntBits(value) & EXPONENT) + LOWEST_EXPONENT_BIT;
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
