package org.deepcovid.core.inference;

import java.util.Locale;
import java.util.Optional;
import org.deepcovid.core.inference.plan.GraphPlanner;
import org.deepcovid.core.inference.plan.NetworkParameters;
import org.deepcovid.core.inference.plan.NetworkPlan;
import org.deepcovid.core.inference.plan.UnsupportedLayerException;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the engine that runs a backbone. */
public final class InferenceEngines {

    /**
     * System property that overrides the choice: {@code auto}, {@code compiled} or {@code graph}.
     */
    public static final String ENGINE = "deepcovid.engine";

    private static final Logger LOG = LoggerFactory.getLogger(InferenceEngines.class);

    private enum Wish {
        AUTO,
        COMPILED,
        GRAPH
    }

    private InferenceEngines() {}

    /**
     * Takes the compiled engine on CPUs, and the backbone's own graph on GPUs and where the network
     * cannot be compiled; in the last case it logs a warning. {@link InferenceEngine#report()} says
     * what was taken and why.
     *
     * @param backbone open for as long as the engine is used; its parameters are taken as they are
     *     now if the engine is a compiled one
     * @return the engine; closing it leaves the backbone open
     * @throws IllegalStateException if the property {@value #ENGINE} has another value
     * @throws UnsupportedLayerException if {@value #ENGINE} is {@code compiled} and the network
     *     cannot be compiled
     * @throws EngineException if {@value #ENGINE} is {@code compiled} and ONNX Runtime cannot be
     *     started here
     */
    public static InferenceEngine of(Backbone backbone) {
        return switch (wish(System.getProperty(ENGINE))) {
            case GRAPH -> graph(backbone, "asked for by " + ENGINE);
            case COMPILED -> compiled(backbone, "asked for by " + ENGINE);
            case AUTO -> automatic(backbone);
        };
    }

    /**
     * The compiled engine for a network whose plan is known, without starting ND4J: what makes the
     * first prediction of a saved classifier quick.
     *
     * @param plan the network
     * @param parameters every parameter of the plan
     * @return the engine, or empty if {@link #of} is to choose: ND4J {@linkplain
     *     DeepCovidRuntime#mayUseCuda may use CUDA}, the property {@value #ENGINE} asks for the
     *     graph, or ONNX Runtime cannot run it here
     * @throws IllegalStateException if the property {@value #ENGINE} has another value
     * @throws IllegalArgumentException if a parameter does not fit the plan
     * @throws EngineException if {@value #ENGINE} is {@code compiled} and ONNX Runtime cannot be
     *     started here
     */
    public static Optional<InferenceEngine> withoutBackend(
            NetworkPlan plan, NetworkParameters parameters) {
        Wish wish = wish(System.getProperty(ENGINE));
        if (wish == Wish.GRAPH || (wish == Wish.AUTO && DeepCovidRuntime.mayUseCuda())) {
            return Optional.empty();
        }
        try {
            String reason = wish == Wish.AUTO ? "fastest on a CPU" : "asked for by " + ENGINE;
            return Optional.of(CompiledEngine.of(plan, parameters, reason));
        } catch (EngineException e) {
            if (wish == Wish.COMPILED) {
                throw e;
            }
            LOG.warn("the compiled network does not run here: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * The backbone's own graph.
     *
     * @param backbone open for as long as the engine is used
     * @return the engine; closing it leaves the backbone open
     */
    public static GraphEngine graph(Backbone backbone) {
        return graph(backbone, "asked for by the program");
    }

    /**
     * The backbone in compiled form.
     *
     * @param backbone open for as long as the engine is used
     * @return the engine, with the backbone's parameters as they are now
     * @throws UnsupportedLayerException naming the first layer that cannot be compiled
     * @throws EngineException if ONNX Runtime cannot be started here
     */
    public static CompiledEngine compiled(Backbone backbone) {
        return compiled(backbone, "asked for by the program");
    }

    private static InferenceEngine automatic(Backbone backbone) {
        String backend = DeepCovidRuntime.initialise().backend();
        if (!backend.contains("Cpu")) {
            return graph(backbone, "the ND4J backend is " + backend);
        }
        try {
            return compiled(backbone, "fastest on a CPU");
        } catch (UnsupportedLayerException | EngineException e) {
            LOG.warn(
                    "{} runs as a DL4J graph, which is several times slower: {}",
                    backbone.spec().architecture(),
                    e.getMessage());
            return graph(backbone, "could not be compiled: " + e.getMessage());
        }
    }

    private static GraphEngine graph(Backbone backbone, String reason) {
        return new GraphEngine(backbone, reason);
    }

    private static CompiledEngine compiled(Backbone backbone, String reason) {
        NetworkPlan plan = GraphPlanner.plan(backbone);
        return CompiledEngine.of(plan, GraphPlanner.parameters(backbone), reason);
    }

    private static Wish wish(String text) {
        if (text == null) {
            return Wish.AUTO;
        }
        try {
            return Wish.valueOf(text.strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "system property %s is '%s'; expected auto, compiled or graph"
                            .formatted(ENGINE, text),
                    e);
        }
    }
}
