package org.deepcovid.core.inference;

import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
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
        ONEDNN,
        GRAPH
    }

    private EngineChoice() {}

    static InferenceEngine of(Backbone backbone, Precision precision) {
        Setting setting = setting();
        if (precision != Precision.FLOAT32) {
            return compiled(backbone, compiler(setting, precision), precision, reason(setting));
        }
        return switch (setting) {
            case GRAPH -> new GraphEngine(backbone, BY_PROPERTY);
            case COMPILED, ONEDNN ->
                    compiled(backbone, compiler(setting, precision), precision, BY_PROPERTY);
            case AUTO -> automatic(backbone);
        };
    }

    static Optional<InferenceEngine> withoutBackend(
            NetworkPlan plan, NetworkParameters parameters, Precision precision) {
        Setting setting = setting();
        boolean single = precision == Precision.FLOAT32;
        if (single
                && (setting == Setting.GRAPH
                        || (setting == Setting.AUTO && DeepCovidRuntime.mayUseCuda()))) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new CompiledEngine(
                            plan,
                            parameters,
                            compiler(setting, precision),
                            precision,
                            reason(setting)));
        } catch (EngineException e) {
            if (setting != Setting.AUTO || !single) {
                throw e;
            }
            LOG.warn("the compiled network does not run here: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private static String reason(Setting setting) {
        return setting == Setting.AUTO ? FASTEST : BY_PROPERTY;
    }

    /** ONNX Runtime first, which gives the same bits with and without further modules. */
    static Stream<NetworkCompiler> compilers() {
        return Stream.concat(
                Stream.of(OnnxNetwork.COMPILER),
                ServiceLoader.load(NetworkCompiler.class, EngineChoice.class.getClassLoader())
                        .stream()
                        .map(ServiceLoader.Provider::get));
    }

    private static NetworkCompiler compiler(Setting setting, Precision precision) {
        if (setting == Setting.GRAPH) {
            throw new IllegalStateException(
                    "%s is graph, but %s was asked for, and a DL4J graph computes in float32 only; ask for float32, or unset the property"
                            .formatted(InferenceEngine.ENGINE, precision.id()));
        }
        return compilers()
                .skip(setting == Setting.ONEDNN ? 1 : 0)
                .filter(compiler -> compiler.supports(precision))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(unsupported(setting, precision)));
    }

    private static String unsupported(Setting setting, Precision precision) {
        boolean module = compilers().count() > 1;
        return "no engine computes in %s%s here: %s"
                .formatted(
                        precision.id(),
                        setting == Setting.ONEDNN ? " by oneDNN" : "",
                        module
                                ? "this processor or platform is not supported by deepcovid-onednn;"
                                        + " ask for float32"
                                : "add the module deepcovid-onednn to the class path, or ask for"
                                        + " float32");
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
        return compiled(backbone, OnnxNetwork.COMPILER, Precision.FLOAT32, reason);
    }

    private static CompiledEngine compiled(
            Backbone backbone, NetworkCompiler compiler, Precision precision, String reason) {
        return new CompiledEngine(
                NetworkPlan.of(backbone),
                NetworkParameters.of(backbone),
                compiler,
                precision,
                reason);
    }

    private static Setting setting() {
        String text = System.getProperty(InferenceEngine.ENGINE, "auto");
        try {
            return Setting.valueOf(text.strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "system property %s is '%s'; expected auto, compiled, onednn or graph"
                            .formatted(InferenceEngine.ENGINE, text),
                    e);
        }
    }
}
