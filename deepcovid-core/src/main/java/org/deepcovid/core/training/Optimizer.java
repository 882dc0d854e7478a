package org.deepcovid.core.training;

import org.nd4j.linalg.learning.config.IUpdater;

/** How a gradient becomes a step of the head's weights. */
public sealed interface Optimizer permits Adam, SgdMomentum {

    /**
     * The same optimizer for a DL4J network, with fresh state.
     *
     * @param learningRate step size to begin with, positive
     * @return to be given to a network's configuration
     */
    IUpdater updater(double learningRate);

    /**
     * The same optimizer for plain arrays, with fresh state.
     *
     * @param parameters number of parameters
     * @return takes the steps of one training
     */
    GradientSteps steps(int parameters);

    /**
     * The optimizer in words, for reports.
     *
     * @return a name with its constants, without the learning rate
     */
    String describe();
}
