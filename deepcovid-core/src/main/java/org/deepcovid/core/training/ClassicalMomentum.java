package org.deepcovid.core.training;

import java.io.Serial;
import java.util.Map;
import org.deepcovid.core.training.Optimizer.SgdMomentum;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/** {@link SgdMomentum} for DL4J, which keeps the velocity in an array of its own. */
final class ClassicalMomentum implements IUpdater {

    @Serial private static final long serialVersionUID = 1L;
    private static final String VELOCITY = "V";

    private final double momentum;
    private double learningRate;

    ClassicalMomentum(double momentum, double learningRate) {
        this.momentum = momentum;
        this.learningRate = learningRate;
    }

    @Override
    public long stateSize(long parameters) {
        return parameters;
    }

    @Override
    public GradientUpdater<ClassicalMomentum> instantiate(INDArray view, boolean initialise) {
        Velocity velocity = new Velocity(this);
        velocity.setStateViewArray(view, view.shape(), view.ordering(), initialise);
        return velocity;
    }

    @Override
    public GradientUpdater<ClassicalMomentum> instantiate(
            Map<String, INDArray> state, boolean initialise) {
        Velocity velocity = new Velocity(this);
        velocity.setState(state, initialise);
        return velocity;
    }

    @Override
    public double getLearningRate(int iteration, int epoch) {
        return learningRate;
    }

    @Override
    public boolean hasLearningRate() {
        return true;
    }

    @Override
    public void setLrAndSchedule(double rate, ISchedule schedule) {
        if (schedule != null) {
            throw new IllegalArgumentException(
                    "schedule is %s; expected none (see LearningRateSchedule)".formatted(schedule));
        }
        learningRate = rate;
    }

    @Override
    public ClassicalMomentum clone() {
        return new ClassicalMomentum(momentum, learningRate);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClassicalMomentum that
                && momentum == that.momentum
                && learningRate == that.learningRate;
    }

    @Override
    public int hashCode() {
        return 31 * Double.hashCode(momentum) + Double.hashCode(learningRate);
    }

    /** The running state of one group of parameters. */
    private static final class Velocity implements GradientUpdater<ClassicalMomentum> {

        private final ClassicalMomentum config;
        private INDArray velocity;

        Velocity(ClassicalMomentum config) {
            this.config = config;
        }

        @Override
        public ClassicalMomentum getConfig() {
            return config;
        }

        @Override
        public void setState(Map<String, INDArray> state, boolean initialise) {
            velocity = state.get(VELOCITY);
            if (initialise) {
                velocity.assign(0);
            }
        }

        @Override
        public Map<String, INDArray> getState() {
            return Map.of(VELOCITY, velocity);
        }

        @Override
        public void setStateViewArray(INDArray view, long[] shape, char order, boolean initialise) {
            velocity = view;
            if (initialise) {
                velocity.assign(0);
            }
        }

        /** Replaces a gradient by the step that DL4J subtracts from the weights. */
        @Override
        public void applyUpdater(INDArray gradient, int iteration, int epoch) {
            velocity.muli(config.momentum).addi(gradient.reshape(velocity.shape()));
            gradient.assign(
                    velocity.mul(config.getLearningRate(iteration, epoch))
                            .reshape(gradient.shape()));
        }
    }
}
