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
     * Multiplies the learning rate by a factor after every {@code everyEpochs} epochs.
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

    /**
     * Rises linearly over the warm-up epochs, then falls along half a cosine towards 0 (I.
     * Loshchilov and F. Hutter, 2017, arXiv 1608.03983, without restarts). The first epoch after
     * the warm-up has the full learning rate, and no epoch has 0.
     *
     * @param warmUpEpochs epochs before the full learning rate, from 0 to below {@code epochs}
     * @param epochs length of the schedule, usually that of the training; later epochs keep the
     *     last factor
     */
    record CosineDecay(int warmUpEpochs, int epochs) implements LearningRateSchedule {

        public CosineDecay {
            if (warmUpEpochs < 0 || warmUpEpochs >= epochs) {
                throw new IllegalArgumentException(
                        "warmUpEpochs is %d and epochs %d; expected 0 <= warmUpEpochs < epochs"
                                .formatted(warmUpEpochs, epochs));
            }
        }

        @Override
        public double factorAt(int epoch) {
            int done = Math.min(epoch, epochs) - 1 - warmUpEpochs;
            return done < 0
                    ? epoch / (warmUpEpochs + 1.0)
                    : (1 + Math.cos(Math.PI * done / (epochs - warmUpEpochs))) / 2;
        }

        @Override
        public String describe() {
            return "falling along a cosine over %d epochs, the first %d of them rising"
                    .formatted(epochs, warmUpEpochs);
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

    /** A learning rate that rises in the warm-up epochs and then falls along half a cosine. */
    static LearningRateSchedule cosineDecay(int warmUpEpochs, int epochs) {
        return new CosineDecay(warmUpEpochs, epochs);
    }
}
