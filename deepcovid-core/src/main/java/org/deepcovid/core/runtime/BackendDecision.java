package org.deepcovid.core.runtime;

import java.util.List;
import java.util.Optional;

/**
 * Which ND4J backend to start.
 *
 * @param target what ND4J may see
 * @param remark what the user should know now, such as why CUDA is not used
 * @param hint what to add to the message if CUDA does not start; may be empty
 */
record BackendDecision(Target target, Optional<String> remark, String hint) {

    /** What ND4J may see. */
    enum Target {
        /** All backends on the class path; ND4J tries CUDA first. */
        ANY,
        CPU,
        CUDA
    }

    static final String ADD_CPU =
            "add org.nd4j:nd4j-native and its native for this platform (classifier such as"
                    + " linux-x86_64-onednn) to the class path";

    /**
     * Decides, and refuses what cannot work before any native code is loaded.
     *
     * @param wish the user's
     * @param search looks for cards only if CUDA is asked for or on the class path
     * @throws IllegalStateException if the wish cannot be granted; names everything that is missing
     */
    static BackendDecision of(BackendWish wish, BackendSearch search) {
        return switch (wish) {
            case CPU -> cpu(search);
            case CUDA -> cuda(search.probe());
            case AUTO -> search.cudaBackend() ? automatic(search) : plain(Target.ANY);
        };
    }

    private static BackendDecision cpu(BackendSearch search) {
        if (!search.cpuBackend()) {
            throw new IllegalStateException(
                    "the CPU backend was asked for by deepcovid.backend and is not on the class"
                            + " path; "
                            + ADD_CPU);
        }
        return plain(Target.CPU);
    }

    private static BackendDecision plain(Target target) {
        return new BackendDecision(target, Optional.empty(), "");
    }

    private static BackendDecision cuda(CudaProbe probe) {
        List<String> obstacles = probe.obstacles();
        if (!obstacles.isEmpty()) {
            throw new IllegalStateException(
                    "CUDA was asked for by deepcovid.backend and cannot be used: "
                            + String.join("; ", obstacles)
                            + ". Mend that, or set deepcovid.backend to cpu or auto");
        }
        return new BackendDecision(Target.CUDA, Optional.empty(), probe.libraryHint());
    }

    private static BackendDecision automatic(BackendSearch search) {
        CudaProbe probe = search.probe();
        List<String> obstacles = probe.obstacles();
        if (obstacles.isEmpty()) {
            return new BackendDecision(Target.ANY, Optional.empty(), probe.libraryHint());
        }
        String why = String.join("; ", obstacles);
        if (!search.cpuBackend()) {
            throw new IllegalStateException(
                    "the only ND4J backend on the class path is CUDA, which cannot be used: "
                            + why
                            + ". Mend that, or "
                            + ADD_CPU);
        }
        return new BackendDecision(
                Target.CPU, Optional.of("the CPU is used, since CUDA cannot be: " + why), "");
    }
}
