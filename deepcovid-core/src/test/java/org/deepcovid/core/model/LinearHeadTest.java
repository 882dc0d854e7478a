package org.deepcovid.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LinearHeadTest {

    private final LinearHead head =
            new LinearHead(new float[] {1, 2, 3, -1, 0, 1}, new float[] {0.5f, -0.5f});

    @Test
    void logitsAreWeightsTimesFeaturesPlusBias() {
        assertThat(head.logits(new float[] {1, 10, 100})).containsExactly(321.5, 98.5);
    }

    @Test
    void probabilitiesAreSoftmaxOfLogits() {
        double[] p = head.probabilities(new float[] {0, 0, 0});

        assertThat(p[0]).isCloseTo(1 / (1 + Math.exp(-1)), within(1e-15));
        assertThat(p[0] + p[1]).isCloseTo(1, within(1e-15));
    }

    @Test
    void hugeLogitsStayProbabilities() {
        assertThat(head.probabilities(new float[] {1e30f, 0, 0})).containsExactly(1, 0);
    }

    @Test
    void refusesFeaturesOfAnotherLength() {
        assertThatThrownBy(() -> head.logits(new float[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 features given; the head was trained on 3");
    }

    @Test
    void refusesParametersThatDoNotFitOrAreNotFinite() {
        assertThatThrownBy(() -> new LinearHead(new float[5], new float[2]))
                .hasMessageContaining("5 weights and 2 biases");
        assertThatThrownBy(() -> new LinearHead(new float[] {1, Float.NaN}, new float[1]))
                .hasMessageContaining("weight 1 of the head is NaN");
        assertThatThrownBy(
                        () -> new LinearHead(new float[2], new float[] {Float.POSITIVE_INFINITY}))
                .hasMessageContaining("bias 0 of the head is Infinity");
    }

    @Test
    void isImmutable() {
        float[] weights = {1, 2};
        LinearHead made = new LinearHead(weights, new float[1]);
        weights[0] = 9;
        made.weights()[1] = 9;

        assertThat(made.weights()).containsExactly(1, 2);
        assertThat(made).isEqualTo(new LinearHead(new float[] {1, 2}, new float[1]));
    }
}
