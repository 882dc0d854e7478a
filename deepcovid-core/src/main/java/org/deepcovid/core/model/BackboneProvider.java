package org.deepcovid.core.model;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Builds the networks of one architecture. Implementations are found with {@link
 * java.util.ServiceLoader}, so that a saved classifier can be loaded without naming its network.
 */
public interface BackboneProvider {

    /** The architecture as in {@link BackboneSpec#architecture()}. */
    String architecture();

    /**
     * Builds the network of a spec with given parameters.
     *
     * @param parameters every parameter of the backbone, named as in {@link Backbone#parameters()};
     *     parameters of a pre-training head may be absent, all together
     * @throws IllegalArgumentException if the spec is not one of this architecture, or a parameter
     *     is missing, superfluous, misshapen or not finite; the message lists all such problems
     */
    Backbone restore(BackboneSpec spec, Map<String, INDArray> parameters, WeightsOrigin origin);
}
