package org.deepcovid.eval.explain;

import java.util.Random;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.GraphSurgery;
import org.deepcovid.core.model.WeightsOrigin;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Permutes the values of parameter arrays, which keeps their distribution. */
final class ParameterShuffle {

    private ParameterShuffle() {}

    /** A copy of a network with permuted values within each parameter array. */
    static Backbone copy(Backbone backbone, Random random) {
        WeightsOrigin origin =
                new WeightsOrigin(
                        "shuffled " + backbone.origin().name(), backbone.origin().sha256(), false);
        Backbone copy = GraphSurgery.copy(backbone, origin);
        copy.parameters().values().forEach(parameter -> shuffle(parameter, random));
        return copy;
    }

    private static void shuffle(INDArray parameter, Random random) {
        float[] values = shuffled(parameter.dup('c').data().asFloat(), random);
        parameter.assign(Nd4j.create(values, parameter.shape(), 'c'));
    }

    static float[] shuffled(float[] values, Random random) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            float value = values[i];
            values[i] = values[j];
            values[j] = value;
        }
        return values;
    }
}
