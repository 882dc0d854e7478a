package org.deepcovid.core.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Direct buffers of one batch each, used over and over: image number n has a place of its own until
 * as many images have followed as the buffers hold. Images of one buffer lie one after the other,
 * so that an engine reads them in place.
 */
final class BatchRing {

    private final int batch;
    private final int imageLength;
    private final FloatBuffer[] buffers;

    BatchRing(int batch, int imageLength, int buffers) {
        this.batch = batch;
        this.imageLength = imageLength;
        this.buffers = new FloatBuffer[buffers];
    }

    /** Number of images from this one on that share its buffer and follow it. */
    int run(long image) {
        return batch - (int) (image % batch);
    }

    /** The place of some images that share a buffer. */
    FloatBuffer place(long first, int count) {
        int index = (int) (first / batch % buffers.length);
        if (buffers[index] == null) {
            buffers[index] = direct(Math.multiplyExact(batch, imageLength));
        }
        int from = (int) (first % batch) * imageLength;
        return buffers[index].slice(from, count * imageLength);
    }

    private static FloatBuffer direct(int values) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(values, Float.BYTES))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }
}
