package org.deepcovid.core.inference;

import static java.util.Objects.requireNonNull;

/**
 * Which engine runs, and why.
 *
 * @param kind the engine
 * @param runtime what computes, with its version, such as {@code "ONNX Runtime 1.28.0"}
 * @param threads threads that one call may use
 * @param reason why this engine was taken, in words
 */
public record EngineReport(EngineKind kind, String runtime, int threads, String reason) {

    /**
     * Checks the components.
     *
     * @throws NullPointerException if one is null
     */
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
