package org.deepcovid.core.training;

/** How the step size changes from epoch to epoch. */
public sealed interface LearningRateSchedule {

    /** Factor of the learning rate in an epoch, from 1. */
    double factorAt(int epoch);

    /** The schedule in words, for reports. */
    String describe();

    /** The same learning rate in every epoch. */
    record Constant() implements LearningRateSchedule {

        @Override
        public double factorAt(int epoch) {
            return 1;
        }

        @Override
        public String describe() {
            return "constant";
        }
    }

    /**
     * Multiplies the learning rate by a factor after every so many epochs.
     *
     * @param factor in (0, 1), such as 0.1
     * @param everyEpochs epochs between two changes, at least 1
     */
    record StepDecay(double factor, int everyEpochs) implements LearningRateSchedule {

        public StepDecay {
            if (!(factor > 0 && factor < 1)) {
                throw new IllegalArgumentException(
                        "factor is %s; expected more than 0 and less than 1, such as 0.1"
                                .formatted(factor));
            }
            if (everyEpochs <= 0) {
                throw new IllegalArgumentException(
                        "everyEpochs is %d; expected at least 1".formatted(everyEpochs));
            }
        }

        @Override
        public double factorAt(int epoch) {
            int changes = (epoch - 1) / everyEpochs;
            return Math.pow(factor, changes);
        }

        @Override
        public String describe() {
            return "times %s after every %d epochs".formatted(factor, everyEpochs);
        }
    }

    /** The same learning rate in every epoch. */
    static LearningRateSchedule constant() {
        return new Constant();
    }

    /** A learning rate that is multiplied by a factor at regular intervals. */
    static LearningRateSchedule stepDecay(double factor, int everyEpochs) {
        return new StepDecay(factor, everyEpochs);
    }
}
