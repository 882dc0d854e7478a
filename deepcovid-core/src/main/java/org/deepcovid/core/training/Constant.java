package org.deepcovid.core.training;

/** The same learning rate in every epoch. */
public record Constant() implements LearningRateSchedule {

    @Override
    public double factorAt(int epoch) {
        return 1;
    }

    @Override
    public String describe() {
        return "constant";
    }
}
