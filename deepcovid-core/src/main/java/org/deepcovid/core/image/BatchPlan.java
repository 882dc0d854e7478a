package org.deepcovid.core.image;

/**
 * How images are put together into batches.
 *
 * @param least a batch waits for this many images, unless no more follow
 * @param most a batch has at most this many images
 * @param threads threads that decode
 */
public record BatchPlan(int least, int most, int threads) {

    /**
     * Checks the components.
     *
     * @throws IllegalArgumentException if one is not positive, or least exceeds most
     */
    public BatchPlan {
        if (least <= 0 || most < least || threads <= 0) {
            throw new IllegalArgumentException(
                    "batches of %d to %d images, %d threads; expected positive numbers in order"
                            .formatted(least, most, threads));
        }
    }

    /**
     * Full batches, however long they take: the same images always meet in the same batch.
     *
     * @param batchSize images of a batch, positive
     * @param threads threads that decode, positive
     * @return the plan
     * @throws IllegalArgumentException if a number is not positive
     */
    public static BatchPlan full(int batchSize, int threads) {
        if (batchSize <= 0 || threads <= 0) {
            throw new IllegalArgumentException(
                    "batchSize is %d, threads is %d; expected positive numbers"
                            .formatted(batchSize, threads));
        }
        return new BatchPlan(batchSize, batchSize, threads);
    }

    BatchPlan atMost(int images) {
        int cap = Math.max(1, images);
        return new BatchPlan(Math.min(least, cap), Math.min(most, cap), threads);
    }
}
