package org.deepcovid.core.training;

import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Adaptive moments (D. P. Kingma and J. Ba, 2015, arXiv 1412.6980) with the constants of its paper:
 * 0.9, 0.999 and 1e-8.
 */
public record Adam() implements Optimizer {

    @Override
    public IUpdater updater(double learningRate) {
        return new org.nd4j.linalg.learning.config.Adam(learningRate);
    }

    @Override
    public String describe() {
        return "Adam (0.9, 0.999)";
    }
}
