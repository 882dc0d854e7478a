package org.deepcovid.core.training;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A checkpoint of a {@link TrainableNetwork}.
 *
 * @param arrays float32 arrays by name: {@value #PARAMETERS} and {@value #OPTIMIZER}
 * @param steps optimizer steps done, 0 or more
 */
public record TrainingState(Map<String, INDArray> arrays, int steps) {

    /** Name of the array of all parameters. */
    public static final String PARAMETERS = "parameters";

    /** Name of the array of what the optimizer remembers. */
    public static final String OPTIMIZER = "optimizer";

    /**
     * Checks and copies the components.
     *
     * @throws NullPointerException if the map is null
     * @throws IllegalArgumentException if an array is missing or superfluous or the number of steps
     *     is negative
     */
    public TrainingState {
        arrays = Map.copyOf(arrays);
        if (arrays.size() != 2
                || !arrays.containsKey(PARAMETERS)
                || !arrays.containsKey(OPTIMIZER)
                || steps < 0) {
            throw new IllegalArgumentException(
                    "a checkpoint of %d steps holds %s; expected %s and %s and no negative number"
                            .formatted(steps, arrays.keySet(), PARAMETERS, OPTIMIZER));
        }
    }

    INDArray array(String name) {
        return arrays.get(name);
    }

    void requireLengths(long parameters, long optimizer) {
        if (array(PARAMETERS).length() != parameters || array(OPTIMIZER).length() != optimizer) {
            throw new IllegalArgumentException(
                    "the checkpoint holds %d parameters and %d values of the optimizer; expected %d and %d: it is of another network"
                            .formatted(
                                    array(PARAMETERS).length(),
                                    array(OPTIMIZER).length(),
                                    parameters,
                                    optimizer));
        }
    }
}
