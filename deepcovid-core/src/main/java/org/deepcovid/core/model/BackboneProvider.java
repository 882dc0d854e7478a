package org.deepcovid.core.model;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Builds the networks of one architecture. Implementations are found with {@link
 * java.util.ServiceLoader}, so that a saved classifier can be loaded without naming its network.
 */
public interface BackboneProvider {

    /**
     * The architecture that this provider builds.
     *
     * @return as in {@link BackboneSpec#architecture()}
     */
    String architecture();

    /**
     * Builds the network of a spec and fills it.
     *
     * @param spec what to build
     * @param parameters every parameter of the backbone, named as in {@link Backbone#parameters()};
     *     parameters of a pre-training head may be absent, all together
     * @param origin where the weights came from
     * @return the filled backbone
     * @throws IllegalArgumentException if the spec is not one of this architecture, or a parameter
     *     is missing, superfluous, misshapen or not finite; the message lists all such problems
     */
    Backbone restore(BackboneSpec spec, Map<String, INDArray> parameters, WeightsOrigin origin);
}
