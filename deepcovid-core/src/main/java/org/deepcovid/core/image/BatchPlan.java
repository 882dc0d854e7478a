package org.deepcovid.core.image;

/**
 * How images are put together into batches.
 *
 * @param least a batch waits for this many images, unless no more follow
 * @param most a batch has at most this many images
 * @param threads threads that decode
 * @param kept number of the latest batches whose images stay; an earlier one is overwritten
 */
public record BatchPlan(int least, int most, int threads, int kept) {

    /**
     * Checks the components.
     *
     * @throws IllegalArgumentException if one is not positive, or least exceeds most
     */
    public BatchPlan {
        if (least <= 0 || most < least || threads <= 0 || kept <= 0) {
            throw new IllegalArgumentException(
                    "batches of %d to %d images, %d threads, %d kept; expected positive numbers in order"
                            .formatted(least, most, threads, kept));
        }
    }

    /**
     * Full batches, however long they take: the same images always meet in the same batch. The next
     * batch overwrites the one before.
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
        return new BatchPlan(batchSize, batchSize, threads, 1);
    }

    BatchPlan atMost(int images) {
        int cap = Math.max(1, images);
        return new BatchPlan(Math.min(least, cap), Math.min(most, cap), threads, kept);
    }
}
