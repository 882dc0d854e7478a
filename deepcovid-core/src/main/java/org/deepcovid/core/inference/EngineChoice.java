package org.deepcovid.core.inference;

import java.util.Locale;
import java.util.Optional;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the engine for a backbone. */
final class EngineChoice {

    private static final Logger LOG = LoggerFactory.getLogger(EngineChoice.class);
    private static final String BY_PROPERTY = "set by " + InferenceEngine.ENGINE;
    private static final String FASTEST = "fastest on a CPU";

    private enum Setting {
        AUTO,
        COMPILED,
        GRAPH
    }

    private EngineChoice() {}

    static InferenceEngine of(Backbone backbone) {
        return switch (setting()) {
            case GRAPH -> new GraphEngine(backbone, BY_PROPERTY);
            case COMPILED -> compiled(backbone, BY_PROPERTY);
            case AUTO -> automatic(backbone);
        };
    }

    static Optional<InferenceEngine> withoutBackend(
            NetworkPlan plan, NetworkParameters parameters) {
        Setting setting = setting();
        if (setting == Setting.GRAPH
                || (setting == Setting.AUTO && DeepCovidRuntime.mayUseCuda())) {
            return Optional.empty();
        }
        try {
            String reason = setting == Setting.AUTO ? FASTEST : BY_PROPERTY;
            return Optional.of(new CompiledEngine(plan, parameters, reason));
        } catch (EngineException e) {
            if (setting == Setting.COMPILED) {
                throw e;
            }
            LOG.warn("the compiled network does not run here: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private static InferenceEngine automatic(Backbone backbone) {
        String backend = DeepCovidRuntime.initialise().backend();
        if (!backend.contains("Cpu")) {
            return new GraphEngine(backbone, "the ND4J backend is " + backend);
        }
        try {
            return compiled(backbone, FASTEST);
        } catch (UnsupportedLayerException | EngineException e) {
            LOG.warn(
                    "{} runs as a DL4J graph, which is several times slower: {}",
                    backbone.spec().architecture(),
                    e.getMessage());
            return new GraphEngine(backbone, "could not be compiled: " + e.getMessage());
        }
    }

    static CompiledEngine compiled(Backbone backbone, String reason) {
        return new CompiledEngine(NetworkPlan.of(backbone), NetworkParameters.of(backbone), reason);
    }

    private static Setting setting() {
        String text = System.getProperty(InferenceEngine.ENGINE, "auto");
        try {
            return Setting.valueOf(text.strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "system property %s is '%s'; expected auto, compiled or graph"
                            .formatted(InferenceEngine.ENGINE, text),
                    e);
        }
    }
}
