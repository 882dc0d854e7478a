package org.deepcovid.core.inference;

import static java.util.Objects.requireNonNull;

/**
 * The engine in use and why it was chosen.
 *
 * @param kind the engine
 * @param runtime library and version, such as {@code "ONNX Runtime 1.28.0"}
 * @param threads threads per computation
 * @param reason why this engine was chosen, in words
 */
public record EngineReport(Kind kind, String runtime, int threads, String reason) {

    /** The engines. */
    public enum Kind {
        /** The DL4J graph, on the CPU or the GPU, as ND4J's backend decides. */
        GRAPH,
        /** The network compiled for the CPU by ONNX Runtime. */
        COMPILED
    }

    /** Requires all components. */
    public EngineReport {
        requireNonNull(kind, "kind is null");
        requireNonNull(runtime, "runtime is null");
        requireNonNull(reason, "reason is null");
    }

    /**
     * One line for logs and consoles.
     *
     * @return runtime, threads and reason
     */
    public String summary() {
        return "%s, %d thread%s (%s)".formatted(runtime, threads, threads == 1 ? "" : "s", reason);
    }
}
