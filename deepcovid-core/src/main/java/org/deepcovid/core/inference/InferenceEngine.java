package org.deepcovid.core.inference;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.runtime.DeepCovidRuntime;

/**
 * Computes a network's outputs for images.
 *
 * <p>An engine is safe for use by several threads, all of which get the same results. It may hold
 * native memory: close it.
 */
public sealed interface InferenceEngine extends AutoCloseable permits CompiledEngine, GraphEngine {

    /**
     * System property that selects the engine: {@code auto}, {@code compiled}, {@code onednn} (as
     * {@code compiled}, but by the module deepcovid-onednn in single precision, too) or {@code
     * graph}.
     */
    String ENGINE = "deepcovid.engine";

    /**
     * The compiled engine on CPUs; the backbone's own graph on GPUs and for networks that cannot be
     * compiled, with a warning in the log. {@link #report()} says which was chosen and why.
     *
     * @param backbone open for as long as the engine is used; a compiled engine copies its present
     *     parameters
     * @return the engine; closing it leaves the backbone open
     * @throws IllegalStateException if the property {@value #ENGINE} has another value
     * @throws UnsupportedLayerException if {@value #ENGINE} is {@code compiled} and the network
     *     cannot be compiled
     * @throws EngineException if {@value #ENGINE} is {@code compiled} and ONNX Runtime cannot be
     *     started here
     */
    static InferenceEngine of(Backbone backbone) {
        return EngineChoice.of(backbone, Precision.FLOAT32);
    }

    /**
     * As {@link #of(Backbone)}, in some precision.
     *
     * @param backbone open for as long as the engine is used
     * @param precision of weights and feature maps
     * @return the engine; closing it leaves the backbone open
     * @throws IllegalStateException as for {@link #of(Backbone)}, or if no engine of this precision
     *     is on the class path or this processor cannot run it
     * @throws UnsupportedLayerException as for {@link #of(Backbone)}, and in another precision than
     *     {@link Precision#FLOAT32} for every network that cannot be compiled
     */
    static InferenceEngine of(Backbone backbone, Precision precision) {
        return EngineChoice.of(backbone, precision);
    }

    /**
     * Whether an engine of this class path computes in a precision here, with matrix instructions
     * of this processor. It depends on the instruction set, not on a measurement, so that equal
     * runs on one machine choose the same.
     *
     * @param precision other than {@link Precision#FLOAT32}
     */
    static boolean accelerates(Precision precision) {
        return EngineChoice.compilers()
                .anyMatch(c -> c.supports(precision) && c.accelerates(precision));
    }

    /**
     * The compiled engine of a plan, without starting ND4J, which makes the first prediction of a
     * saved classifier fast.
     *
     * @param plan the network
     * @param parameters every parameter of the plan
     * @param precision of weights and feature maps
     * @return the engine, or empty if {@link #of} has to choose: ND4J {@linkplain
     *     DeepCovidRuntime#mayUseCuda may use CUDA}, the property {@value #ENGINE} is {@code
     *     graph}, or ONNX Runtime cannot run here
     * @throws IllegalStateException if the property {@value #ENGINE} has another value
     * @throws IllegalArgumentException if a parameter does not fit the plan
     * @throws EngineException if {@value #ENGINE} is {@code compiled} and ONNX Runtime cannot be
     *     started here
     */
    static Optional<InferenceEngine> withoutBackend(
            NetworkPlan plan, NetworkParameters parameters, Precision precision) {
        return EngineChoice.withoutBackend(plan, parameters, precision);
    }

    /**
     * The backbone's own DL4J graph.
     *
     * @param backbone open for as long as the engine is used
     * @return the engine; closing it leaves the backbone open
     */
    static InferenceEngine graph(Backbone backbone) {
        return new GraphEngine(backbone, "chosen by the program");
    }

    /**
     * The backbone in compiled form, with its present parameters.
     *
     * @param backbone open for as long as the engine is used
     * @throws UnsupportedLayerException naming the first layer that cannot be compiled
     * @throws EngineException if ONNX Runtime cannot be started here
     */
    static InferenceEngine compiled(Backbone backbone) {
        return EngineChoice.compiled(backbone, "chosen by the program");
    }

    /**
     * The backbone compiled in some precision by one of the modules on the class path.
     *
     * @param backbone open for as long as the engine is used
     * @param compiler a compiler that supports the precision
     * @param precision of weights and feature maps
     * @throws UnsupportedLayerException naming the first layer that cannot be compiled
     * @throws EngineException if the library fails
     */
    static InferenceEngine compiled(
            Backbone backbone, NetworkCompiler compiler, Precision precision) {
        return new CompiledEngine(
                NetworkPlan.of(backbone),
                NetworkParameters.of(backbone),
                compiler,
                precision,
                "chosen by the program");
    }

    /**
     * Shape of one image.
     *
     * @return [C, H, W]
     */
    List<Integer> imageShape();

    /**
     * The outputs that this engine computes.
     *
     * @return never empty
     */
    Set<NetworkOutput> outputs();

    /**
     * Runs the network, up to the last layer that the requested outputs need (pooling of the last
     * feature map included).
     *
     * @param images N normalised images [N, C, H, W] in row-major order, between the buffer's
     *     position and limit, which are not changed. Direct buffers in native byte order are read
     *     in place; others are copied
     * @param requested some of {@link #outputs()}
     * @return exactly the requested outputs
     * @throws IllegalArgumentException if the buffer does not hold a whole number of images, at
     *     least one, if a value is not finite, or if {@code requested} is empty or has an output
     *     that this engine lacks
     * @throws IllegalStateException if this is closed
     * @throws EngineException if the runtime fails
     */
    Map<NetworkOutput, FloatTensor> run(FloatBuffer images, Set<NetworkOutput> requested);

    /**
     * Positions of the last feature map's cells in the network's input.
     *
     * @return empty if they are not on a known square grid
     */
    Optional<NetworkPlan.CellCentres> featureMapCentres();

    /**
     * Pooled features.
     *
     * @param images as for {@link #run}
     * @return [N, C]
     * @throws IllegalArgumentException as for {@link #run}
     * @throws IllegalStateException as for {@link #run}
     * @throws EngineException as for {@link #run}
     */
    default FloatTensor features(FloatBuffer images) {
        return run(images, Set.of(NetworkOutput.FEATURES)).get(NetworkOutput.FEATURES);
    }

    /**
     * Number of concurrent callers for which {@link #streamedFeatures} is made.
     *
     * @return at least 1
     */
    default int streams() {
        return 1;
    }

    /**
     * Pooled features, computed with fewer threads per batch so that {@link #streams()} callers can
     * run concurrently. Each batch takes longer than with {@link #features}, but the throughput is
     * higher, above all while other threads decode images: threads that share one batch wait for
     * the slowest of them after every layer.
     *
     * @param images as for {@link #features}
     * @return the same values as {@link #features}
     */
    default FloatTensor streamedFeatures(FloatBuffer images) {
        return features(images);
    }

    /**
     * Precision of weights and feature maps.
     *
     * @return single precision, unless another was asked for
     */
    default Precision precision() {
        return Precision.FLOAT32;
    }

    /**
     * Which engine this is and why it was chosen.
     *
     * @return for logs and provenance
     */
    EngineReport report();

    /** Waits for running calls, then releases the memory. Further calls do nothing. */
    @Override
    void close();
}
