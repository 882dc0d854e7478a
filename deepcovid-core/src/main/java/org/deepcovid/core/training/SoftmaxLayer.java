package org.deepcovid.core.training;

import java.util.Arrays;
import org.deepcovid.core.model.LinearHead;

/**
 * A linear layer with softmax while it is trained on weighted cross-entropy. It computes in double
 * precision and in a fixed order, so the result depends neither on threads nor on the processor. A
 * step over twenty images costs less here than the set-up of one operation costs DL4J, whose steps
 * it takes otherwise.
 */
final class SoftmaxLayer {

    /** Probabilities count as at least this in the loss, as they do for DL4J. */
    private static final double LEAST_PROBABILITY = 1e-10;

    private final int classes;
    private final int features;
    private final double[] classWeights;
    private final Optimizer.Steps steps;

    /** Row-major [classes, features], then [classes] for the bias. */
    private final double[] parameters;

    private final double[] gradient;

    /**
     * A layer without bias at first.
     *
     * @param weights row-major [classes, features]
     * @param classWeights weight of an example of each class in the loss
     */
    SoftmaxLayer(float[] weights, double[] classWeights, Optimizer optimizer) {
        this.classes = classWeights.length;
        this.features = weights.length / classes;
        this.classWeights = classWeights.clone();
        this.parameters = new double[weights.length + classes];
        this.gradient = new double[parameters.length];
        this.steps = optimizer.steps(parameters.length);
        for (int i = 0; i < weights.length; i++) {
            parameters[i] = weights[i];
        }
    }

    /**
     * Takes one step.
     *
     * @param batch indices of the rows that take part, at least one
     * @return the batch's mean loss before the step
     */
    double step(LabelledFeatures data, int[] batch, double learningRate) {
        Arrays.fill(gradient, 0);
        double[] errors = new double[classes];
        double loss = 0;
        for (int index : batch) {
            float[] row = data.rows().get(index);
            int label = data.classOf(index);
            softmax(row, errors);
            loss -= classWeights[label] * Math.log(Math.max(errors[label], LEAST_PROBABILITY));
            errors[label] -= 1;
            addGradient(row, errors, classWeights[label] / batch.length);
        }
        steps.apply(learningRate, gradient, parameters);
        return loss / batch.length;
    }

    private void softmax(float[] row, double[] p) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
            p[c] = dot(row, c * features) + parameters[classes * features + c];
            largest = Math.max(largest, p[c]);
        }
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            p[c] = Math.exp(p[c] - largest);
            sum += p[c];
        }
        for (int c = 0; c < classes; c++) {
            p[c] /= sum;
        }
    }

    /** Four sums side by side: one alone would wait for each addition to end. */
    private double dot(float[] row, int offset) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int f = 0;
        for (; f + 4 <= features; f += 4) {
            a += row[f] * parameters[offset + f];
            b += row[f + 1] * parameters[offset + f + 1];
            c += row[f + 2] * parameters[offset + f + 2];
            d += row[f + 3] * parameters[offset + f + 3];
        }
        for (; f < features; f++) {
            a += row[f] * parameters[offset + f];
        }
        return a + b + (c + d);
    }

    private void addGradient(float[] row, double[] errors, double weight) {
        for (int c = 0; c < classes; c++) {
            double error = errors[c] * weight;
            int offset = c * features;
            for (int f = 0; f < features; f++) {
                gradient[offset + f] += error * row[f];
            }
            gradient[classes * features + c] += error;
        }
    }

    /** The layer as it is now. */
    LinearHead head() {
        float[] weights = new float[classes * features];
        float[] bias = new float[classes];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) parameters[i];
        }
        for (int c = 0; c < classes; c++) {
            bias[c] = (float) parameters[weights.length + c];
        }
        return new LinearHead(weights, bias);
    }
}
