package org.deepcovid.core.inference.plan;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Batch normalisation by running statistics: {@code (x - mean) / sqrt(variance + epsilon) * gamma +
 * beta} a channel. Parameters {@code gamma}, {@code beta}, {@code mean} and, by {@link Spread},
 * {@code var} or {@code log10stdev}, each [C].
 *
 * @param name of this node
 * @param inputs one map or vector
 * @param epsilon added to the variance, in [0, 1)
 * @param spread which parameter holds the variance
 */
public record BatchNormNode(String name, List<String> inputs, double epsilon, Spread spread)
        implements PlanNode {

    /** The parameter that holds the spread of a channel. */
    public enum Spread {
        /** {@code var}: the variance. */
        VARIANCE("var"),
        /** {@code log10stdev}: decimal logarithm of the standard deviation. */
        LOG10_DEVIATION("log10stdev");

        private final String parameter;

        Spread(String parameter) {
            this.parameter = parameter;
        }

        /**
         * Name of the parameter.
         *
         * @return as DL4J names it
         */
        public String parameter() {
            return parameter;
        }

        /**
         * The variance that a parameter's value stands for.
         *
         * @param value of the parameter
         * @return not negative
         */
        public double variance(float value) {
            return this == VARIANCE ? value : Math.pow(10, 2.0 * value);
        }
    }

    /**
     * Checks and copies the components.
     *
     * @throws NullPointerException if one is null
     * @throws IllegalArgumentException if there is not one input or epsilon is not in [0, 1)
     */
    public BatchNormNode {
        inputs = Inputs.one(name, inputs);
        requireNonNull(spread, "spread is null");
        if (!(epsilon >= 0 && epsilon < 1)) {
            throw new IllegalArgumentException(
                    "epsilon of node '%s' is %s; expected [0, 1)".formatted(name, epsilon));
        }
    }

    @Override
    public ActivationShape shape(List<ActivationShape> shapes) {
        return shapes.get(0);
    }

    @Override
    public Map<String, List<Integer>> parameters(List<ActivationShape> shapes) {
        List<Integer> perChannel = List.of(shapes.get(0).channels());
        Map<String, List<Integer>> parameters = new LinkedHashMap<>();
        for (String parameter : List.of("gamma", "beta", "mean", spread.parameter())) {
            parameters.put(parameter, perChannel);
        }
        return parameters;
    }
}
