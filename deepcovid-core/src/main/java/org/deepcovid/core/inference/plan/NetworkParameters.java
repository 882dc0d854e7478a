package org.deepcovid.core.inference.plan;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;

/**
 * Where the values of a network's parameters come from. Names are those of {@link
 * org.deepcovid.core.model.Backbone#parameters()}: {@code node/parameter}.
 */
@FunctionalInterface
public interface NetworkParameters {

    /**
     * The values of one parameter.
     *
     * @param name such as {@code "conv1/W"}
     * @return in row-major order, not to be changed by the caller; null if there is no such one
     */
    float[] values(String name);

    /**
     * Parameters that lie in a map.
     *
     * @param values by name; neither copied nor changed
     * @return the same values
     */
    static NetworkParameters of(Map<String, float[]> values) {
        return requireNonNull(values, "values is null")::get;
    }

    /**
     * The values of one parameter, checked.
     *
     * @param name such as {@code "conv1/W"}
     * @param shape the shape that the plan gives it
     * @return as {@link #values}
     * @throws IllegalArgumentException if there is no such parameter, its length is another, or a
     *     value is not finite
     */
    default float[] require(String name, List<Integer> shape) {
        float[] values = values(name);
        long length = shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
        if (values == null || values.length != length) {
            throw new IllegalArgumentException(
                    "parameter '%s' %s; the plan expects %d, shape %s"
                            .formatted(
                                    name,
                                    values == null
                                            ? "is missing"
                                            : "has " + values.length + " values",
                                    length,
                                    shape));
        }
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException(
                        "value %d of parameter '%s' is %s; expected a finite number"
                                .formatted(i, name, values[i]));
            }
        }
        return values;
    }
}
