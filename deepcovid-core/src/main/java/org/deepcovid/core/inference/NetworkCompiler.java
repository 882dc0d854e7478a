package org.deepcovid.core.inference;

import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;

/**
 * Turns a plan into code for this processor. Compilers of other modules are found by {@link
 * java.util.ServiceLoader}.
 */
public interface NetworkCompiler {

    /**
     * Whether a network can be compiled here in some precision.
     *
     * @param precision of weights and feature maps
     * @return false on platforms without the native library, too
     */
    boolean supports(Precision precision);

    /**
     * Whether this processor has matrix instructions for a precision, so that it is several times
     * faster than single precision. Decided by the instruction set, never by a measurement.
     *
     * @param precision other than {@link Precision#FLOAT32}
     * @return false if the answer is not known
     */
    boolean accelerates(Precision precision);

    /**
     * Library, version and precision; differs wherever results may differ in their bits.
     *
     * @param precision a supported one
     * @return such as {@code "oneDNN 3.8.1, bfloat16"}
     */
    String runtime(Precision precision);

    /**
     * Compiles a network.
     *
     * @param plan the network; the result computes all its outputs
     * @param parameters every parameter of the plan, not used after this call
     * @param precision a supported one; pooled features and logits are always computed in single
     *     precision or better
     * @param threads threads per call of {@link Compiled#run}
     * @throws UnsupportedLayerException naming the first layer that cannot be compiled
     * @throws EngineException if the library fails
     */
    Compiled compile(
            NetworkPlan plan, NetworkParameters parameters, Precision precision, int threads);

    /** A compiled network. It is safe for use by several threads, and holds native memory. */
    interface Compiled extends AutoCloseable {

        /**
         * Runs the network.
         *
         * @param images N normalised images [N, C, H, W], direct, in native byte order, from
         *     position 0
         * @param batch N, at least 1
         * @param requested outputs of the plan
         * @return exactly these, in row-major order. An image gives the same bits in any batch
         * @throws EngineException if the library fails
         */
        Map<NetworkOutput, float[]> run(
                FloatBuffer images, int batch, Set<NetworkOutput> requested);

        /**
         * Whether concurrent calls of {@link #run} share the threads of this network, so that no
         * further copy with fewer threads is of use.
         *
         * @return false by default
         */
        default boolean sharesThreads() {
            return false;
        }

        /** Releases the memory; no call of {@link #run} may be active. */
        @Override
        void close();
    }
}
