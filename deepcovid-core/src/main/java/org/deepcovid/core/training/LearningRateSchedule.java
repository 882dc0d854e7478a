package org.deepcovid.core.training;

/** How the step size changes from epoch to epoch. */
public sealed interface LearningRateSchedule permits Constant, StepDecay {

    /**
     * What the configured learning rate is multiplied by in an epoch.
     *
     * @param epoch from 1
     * @return positive
     */
    double factorAt(int epoch);

    /**
     * The schedule in words, for reports.
     *
     * @return one line without a full stop
     */
    String describe();
}
