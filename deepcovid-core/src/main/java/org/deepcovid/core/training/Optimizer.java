package org.deepcovid.core.training;

/** How a gradient becomes a step of the head's weights. */
public sealed interface Optimizer {

    /** An optimizer with the state of one training, for one array of parameters. */
    interface Steps {

        /**
         * Takes one step.
         *
         * @param learningRate step size, positive
         * @param gradient of the loss, as long as the parameters
         * @param parameters changed in place
         */
        void apply(double learningRate, double[] gradient, double[] parameters);
    }

    /** Steps with fresh state. */
    Steps steps(int parameters);

    /** The optimizer in words, for reports. */
    String describe();

    /**
     * Adaptive moments (D. P. Kingma and J. Ba, 2015, arXiv 1412.6980) with the constants of its
     * paper: 0.9, 0.999 and 1e-8.
     */
    record Adam() implements Optimizer {

        private static final double MEAN_DECAY = 0.9;
        private static final double SQUARE_DECAY = 0.999;
        private static final double EPSILON = 1e-8;

        /**
         * {@inheritDoc} The epsilon is added after the correction of both moments has become part
         * of the step size (the paper's section 2, last paragraph), as DL4J and Keras do.
         */
        @Override
        public Steps steps(int parameters) {
            double[] mean = new double[parameters];
            double[] square = new double[parameters];
            return new Steps() {
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

    /**
     * Stochastic gradient descent with classical momentum (B. T. Polyak, 1964, doi
     * 10.1016/0041-5553(64)90137-5): {@code v = momentum * v + gradient}, then {@code w = w -
     * learningRate * v}. The velocity holds gradients, not steps, so a smaller learning rate
     * shortens the very next step, as in PyTorch. DL4J's own momentum is Nesterov's, which is
     * another method.
     *
     * @param momentum share of the velocity that a step keeps, in [0, 1)
     */
    record SgdMomentum(double momentum) implements Optimizer {

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
        public Steps steps(int parameters) {
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

    /** Adam with the constants of its paper. */
    static Optimizer adam() {
        return new Adam();
    }

    /** Stochastic gradient descent with classical momentum. */
    static Optimizer sgdMomentum(double momentum) {
        return new SgdMomentum(momentum);
    }
}
