package org.deepcovid.core.image;

/**
 * Sizes of the batches that {@link ImageBatches} forms.
 *
 * @param minBatch fewest images in a batch, unless there are no more
 * @param maxBatch most images in a batch
 * @param decodeThreads number of decoder threads
 * @param liveBatches number of latest batches whose buffers are valid; earlier ones are overwritten
 */
public record BatchPlan(int minBatch, int maxBatch, int decodeThreads, int liveBatches) {

    /**
     * @throws IllegalArgumentException if one is not positive, or minBatch exceeds maxBatch
     */
    public BatchPlan {
        if (minBatch <= 0 || maxBatch < minBatch || decodeThreads <= 0 || liveBatches <= 0) {
            throw new IllegalArgumentException(
                    "minBatch is %d, maxBatch %d, decodeThreads %d, liveBatches %d; expected positive numbers, minBatch at most maxBatch"
                            .formatted(minBatch, maxBatch, decodeThreads, liveBatches));
        }
    }

    /**
     * Full batches only, so that the same images always share a batch. One batch is live at a time.
     *
     * @param batchSize images per batch, positive
     * @param decodeThreads number of decoder threads, positive
     * @throws IllegalArgumentException if a number is not positive
     */
    public static BatchPlan full(int batchSize, int decodeThreads) {
        if (batchSize <= 0 || decodeThreads <= 0) {
            throw new IllegalArgumentException(
                    "batchSize is %d, decodeThreads is %d; expected positive numbers"
                            .formatted(batchSize, decodeThreads));
        }
        return new BatchPlan(batchSize, batchSize, decodeThreads, 1);
    }

    BatchPlan atMost(int images) {
        int cap = Math.max(1, images);
        return new BatchPlan(
                Math.min(minBatch, cap), Math.min(maxBatch, cap), decodeThreads, liveBatches);
    }
}
