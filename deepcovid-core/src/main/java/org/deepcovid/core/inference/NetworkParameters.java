package org.deepcovid.core.inference;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import org.deepcovid.core.model.Backbone;

/**
 * Source of a network's parameters, by the names of {@link Backbone#parameters()}: {@code
 * node/parameter}.
 */
@FunctionalInterface
public interface NetworkParameters {

    /**
     * The values of one parameter.
     *
     * @param name such as {@code "conv1/W"}
     * @return in row-major order, not to be changed by the caller; null if there is no such
     *     parameter
     */
    float[] values(String name);

    /**
     * Parameters in a map.
     *
     * @param values by name, not copied
     * @return view of the map
     */
    static NetworkParameters of(Map<String, float[]> values) {
        return requireNonNull(values, "values is null")::get;
    }

    /**
     * Parameters of a backbone, copied from its graph at every call of {@link #values}.
     *
     * @param backbone open for as long as values are read
     * @return its parameters
     */
    static NetworkParameters of(Backbone backbone) {
        return Dl4jImport.parameters(backbone);
    }

    /**
     * The values of one parameter, checked.
     *
     * @param name such as {@code "conv1/W"}
     * @param shape as in the plan
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
