package org.deepcovid.core.inference;

import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;
import org.deepcovid.core.inference.plan.ActivationShape;
import org.deepcovid.core.inference.plan.NetworkOutput;

/**
 * Computes what a network answers to images.
 *
 * <p>An engine is safe to use from several threads and gives each the same answers. It may hold
 * native memory: close it.
 */
public sealed interface InferenceEngine extends AutoCloseable permits CompiledEngine, GraphEngine {

    /**
     * The shape of one image.
     *
     * @return [C, H, W]
     */
    ActivationShape imageShape();

    /**
     * What can be asked for.
     *
     * @return outputs of the network, never empty
     */
    Set<NetworkOutput> outputs();

    /**
     * Runs the network. What is not needed for the wanted outputs is not computed, to within the
     * pooling of the last feature map.
     *
     * @param images N normalised images [N, C, H, W] in row-major order, between the buffer's
     *     position and limit, which stay as they are. Direct buffers in the machine's byte order
     *     are read in place; others are copied first
     * @param wanted some of {@link #outputs()}
     * @return an entry for each wanted output, and for no other
     * @throws IllegalArgumentException if the buffer does not hold a whole number of images, at
     *     least one, if a value is not finite, or if nothing or something unknown is wanted
     * @throws IllegalStateException if this is closed
     * @throws EngineException if the runtime fails
     */
    Map<NetworkOutput, FloatTensor> run(FloatBuffer images, Set<NetworkOutput> wanted);

    /**
     * Pooled features alone.
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
     * Number of callers that {@link #streamedFeatures} serves side by side.
     *
     * @return at least 1
     */
    default int streams() {
        return 1;
    }

    /**
     * Pooled features of one of several batches that are computed side by side: slower for each
     * batch than {@link #features} and faster for all of them, above all while other work, such as
     * decoding, goes on. A network that shares one batch among several processors waits at every
     * layer for the one that was just taken away.
     *
     * @param images as for {@link #features}
     * @return what {@link #features} gives
     */
    default FloatTensor streamedFeatures(FloatBuffer images) {
        return features(images);
    }

    /**
     * Which engine this is, and why it was taken.
     *
     * @return for logs and provenance
     */
    EngineReport report();

    /** Releases what this holds, after the calls that are running. Further calls do nothing. */
    @Override
    void close();
}
