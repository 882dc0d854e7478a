package org.deepcovid.core.training;

/** An optimizer at work on one array of parameters; it keeps state from step to step. */
public interface GradientSteps {

    /**
     * Takes one step.
     *
     * @param learningRate step size, positive
     * @param gradient of the loss, as long as the parameters
     * @param parameters are changed in place
     */
    void apply(double learningRate, double[] gradient, double[] parameters);
}
