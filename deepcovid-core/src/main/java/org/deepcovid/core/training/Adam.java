package org.deepcovid.core.training;

import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Adaptive moments (D. P. Kingma and J. Ba, 2015, arXiv 1412.6980) with the constants of its paper:
 * 0.9, 0.999 and 1e-8.
 */
public record Adam() implements Optimizer {

    private static final double MEAN_DECAY = 0.9;
    private static final double SQUARE_DECAY = 0.999;
    private static final double EPSILON = 1e-8;

    @Override
    public IUpdater updater(double learningRate) {
        return new org.nd4j.linalg.learning.config.Adam(learningRate);
    }

    /**
     * {@inheritDoc} The epsilon is added after the correction of both moments has become part of
     * the step size (the paper's section 2, last paragraph), as DL4J and Keras do.
     */
    @Override
    public GradientSteps steps(int parameters) {
        double[] mean = new double[parameters];
        double[] square = new double[parameters];
        return new GradientSteps() {
            private int step;

            @Override
            public void apply(double learningRate, double[] gradient, double[] values) {
                step++;
                double rate =
                        learningRate
                                * Math.sqrt(1 - Math.pow(SQUARE_DECAY, step))
                                / (1 - Math.pow(MEAN_DECAY, step));
                for (int i = 0; i < values.length; i++) {
                    double g = gradient[i];
                    mean[i] = MEAN_DECAY * mean[i] + (1 - MEAN_DECAY) * g;
                    square[i] = SQUARE_DECAY * square[i] + (1 - SQUARE_DECAY) * g * g;
                    values[i] -= rate * mean[i] / (Math.sqrt(square[i]) + EPSILON);
                }
            }
        };
    }

    @Override
    public String describe() {
        return "Adam (0.9, 0.999)";
    }
}
