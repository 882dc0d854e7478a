package org.deepcovid.testing;

import java.util.Map;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneProvider;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.model.GraphBackbone;
import org.deepcovid.core.model.WeightsOrigin;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Rebuilds {@link TinyBackbone}s from saved classifiers. */
public final class TinyBackboneProvider implements BackboneProvider {

    @Override
    public String architecture() {
        return TinyBackbone.ARCHITECTURE;
    }

    @Override
    public Backbone restore(
            BackboneSpec spec, Map<String, INDArray> parameters, WeightsOrigin origin) {
        ComputationGraph graph = TinyBackbone.graph(0);
        parameters.forEach(
                (name, values) -> {
                    int slash = name.indexOf('/');
                    graph.getLayer(name.substring(0, slash))
                            .getParam(name.substring(slash + 1))
                            .assign(values);
                });
        return GraphBackbone.of(spec, origin, graph);
    }
}
