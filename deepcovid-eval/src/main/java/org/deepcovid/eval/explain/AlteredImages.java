package org.deepcovid.eval.explain;

import java.util.Arrays;

/** Scores altered copies of one image in batches; memory does not grow with their number. */
final class AlteredImages {

    /** Changes a copy of the image. */
    @FunctionalInterface
    interface Alteration {
        /** The copy with a number, from 0, has its [3, S, S] values in the batch at an offset. */
        void apply(int number, float[] batch, int offset);
    }

    private final ExplainedModel model;
    private final float[] image;
    private final int batchSize;

    AlteredImages(ExplainedModel model, float[] image, int batchSize) {
        this.model = model;
        this.image = image;
        this.batchSize = batchSize;
    }

    /**
     * Logits [count][classes] of altered copies.
     *
     * @throws IllegalStateException if one is not finite
     */
    double[][] logits(int count, Alteration alteration) {
        double[][] logits = new double[count][];
        float[] batch = new float[Math.min(batchSize, count) * image.length];
        for (int from = 0; from < count; from += batchSize) {
            int size = Math.min(batchSize, count - from);
            for (int i = 0; i < size; i++) {
                System.arraycopy(image, 0, batch, i * image.length, image.length);
                alteration.apply(from + i, batch, i * image.length);
            }
            float[][] features = model.features(batch, size);
            for (int i = 0; i < size; i++) {
                logits[from + i] = requireFinite(model.head().logits(features[i]));
            }
        }
        return logits;
    }

    private double[] requireFinite(double[] logits) {
        for (int c = 0; c < logits.length; c++) {
            if (!Double.isFinite(logits[c])) {
                throw new IllegalStateException(
                        "logit %s of %s for '%s'; no map can be drawn (are the weights finite?)"
                                .formatted(
                                        logits[c],
                                        model.spec().architecture(),
                                        model.labels().get(c)));
            }
        }
        return logits;
    }

    /** Softmax. */
    static double[] probabilities(double[] logits) {
        double largest = Arrays.stream(logits).max().orElseThrow();
        double[] p = Arrays.stream(logits).map(logit -> Math.exp(logit - largest)).toArray();
        double sum = Arrays.stream(p).sum();
        return Arrays.stream(p).map(value -> value / sum).toArray();
    }
}
