package org.deepcovid.core.training;

import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Stochastic gradient descent with classical momentum (B. T. Polyak, 1964, doi
 * 10.1016/0041-5553(64)90137-5): {@code v = momentum * v + gradient}, then {@code w = w -
 * learningRate * v}. The velocity holds gradients, not steps, so a smaller learning rate shortens
 * the very next step, as in PyTorch. DL4J's own momentum is Nesterov's, which is another method.
 *
 * @param momentum share of the velocity that a step keeps, in [0, 1)
 */
public record SgdMomentum(double momentum) implements Optimizer {

    /**
     * Checks the momentum.
     *
     * @throws IllegalArgumentException if it is not in [0, 1)
     */
    public SgdMomentum {
        if (!(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException(
                    "momentum is %s; expected at least 0 and less than 1, such as 0.9"
                            .formatted(momentum));
        }
    }

    @Override
    public IUpdater updater(double learningRate) {
        return new ClassicalMomentum(momentum, learningRate);
    }

    @Override
    public GradientSteps steps(int parameters) {
        double[] velocity = new double[parameters];
        return (learningRate, gradient, values) -> {
            for (int i = 0; i < values.length; i++) {
                velocity[i] = momentum * velocity[i] + gradient[i];
                values[i] -= learningRate * velocity[i];
            }
        };
    }

    @Override
    public String describe() {
        return "stochastic gradient descent, momentum " + momentum;
    }
}
