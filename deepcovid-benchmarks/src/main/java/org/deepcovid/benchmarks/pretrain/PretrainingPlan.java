package org.deepcovid.benchmarks.pretrain;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.deepcovid.core.image.Augmentation;

/**
 * How a backbone is trained from random weights. The learning rate rises linearly over the first
 * steps and then falls as half a cosine to a hundredth.
 *
 * @param seed of initial weights, phantoms, order and augmentation
 * @param stages in training order
 * @param batchSize images per step, balanced by class
 * @param learningRate maximum, of Adam
 * @param warmUpSteps steps to the maximum
 * @param phantomsPerFinding number of each disease; 0 for none
 * @param augmentation of every image in every batch
 */
record PretrainingPlan(
        long seed,
        List<Stage> stages,
        int batchSize,
        double learningRate,
        int warmUpSteps,
        int phantomsPerFinding,
        Augmentation augmentation) {

    private static final double LEAST = 0.01;

    /**
     * Steps at one input size.
     *
     * @param inputSize height and width in pixels; at least 64
     * @param steps at least 1
     */
    record Stage(int inputSize, int steps) {

        private static final int SMALLEST = 64;

        Stage {
            if (inputSize < SMALLEST || steps < 1) {
                throw new IllegalArgumentException(
                        "stage of %d steps at %d pixels; expected at least 1 step at %d pixels or more"
                                .formatted(steps, inputSize, SMALLEST));
            }
        }

        /** Reads a stage such as {@code 112x800}: 800 steps at 112 pixels. */
        static Stage parse(String text) {
            if (!text.matches("[0-9]{1,5}x[0-9]{1,7}")) {
                throw new IllegalArgumentException(
                        "stage '%s'; expected pixels, x and steps, such as 112x800"
                                .formatted(text));
            }
            int x = text.indexOf('x');
            return new Stage(
                    Integer.parseInt(text.substring(0, x)),
                    Integer.parseInt(text.substring(x + 1)));
        }

        @Override
        public String toString() {
            return inputSize + "x" + steps;
        }
    }

    PretrainingPlan {
        stages = List.copyOf(stages);
        requireNonNull(augmentation, "augmentation is null");
        if (stages.isEmpty() || batchSize < 1 || warmUpSteps < 0 || phantomsPerFinding < 0) {
            throw new IllegalArgumentException(
                    ("%d stages, batches of %d, %d steps of warm-up, %d phantoms of each finding;"
                                    + " expected a stage, an image per batch and nothing negative")
                            .formatted(stages.size(), batchSize, warmUpSteps, phantomsPerFinding));
        }
        if (!(learningRate > 0 && learningRate < 1)) {
            throw new IllegalArgumentException(
                    "learningRate is %s; expected more than 0 and less than 1, such as 0.001"
                            .formatted(learningRate));
        }
    }

    int steps() {
        return stages.stream().mapToInt(Stage::steps).sum();
    }

    int inputSizeAt(int step) {
        int end = 0;
        for (Stage stage : stages) {
            end += stage.steps();
            if (step < end) {
                return stage.inputSize();
            }
        }
        throw new IllegalArgumentException(
                "step is %d; expected 0 to %d".formatted(step, steps() - 1));
    }

    double learningRateAt(int step) {
        double rise = Math.min(1, (step + 1.0) / (warmUpSteps + 1));
        double fall = 0.5 * (1 + Math.cos(Math.PI * step / steps()));
        return learningRate * rise * (LEAST + (1 - LEAST) * fall);
    }
}
