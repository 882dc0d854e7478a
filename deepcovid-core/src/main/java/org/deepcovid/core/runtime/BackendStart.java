package org.deepcovid.core.runtime;

import java.util.function.DoubleSupplier;
import org.deepcovid.core.runtime.BackendDecision.Target;
import org.nd4j.common.config.ND4JClassLoading;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Touches ND4J for the first time. */
final class BackendStart {

    private static final Logger LOG = LoggerFactory.getLogger(BackendStart.class);

    private BackendStart() {}

    /**
     * Starts a backend.
     *
     * @return whether it is the CPU's
     * @throws IllegalStateException if none can be started, or not the one that was asked for; says
     *     what is missing
     */
    static boolean run(BackendWish wish, BackendSearch search) {
        BackendDecision decision = BackendDecision.of(wish, search);
        decision.remark().ifPresent(LOG::warn);
        boolean cpu = start(decision.target(), decision.hint());
        if (!cpu) {
            requireComputing(() -> Nd4j.ones(2).addi(1).sumNumber().doubleValue());
        } else if (decision.target() == Target.ANY && search.cudaBackend()) {
            LOG.warn("the CPU is used, since CUDA did not start{}", decision.hint());
        }
        return cpu;
    }

    private static boolean start(Target target, String hint) {
        ClassLoader before = ND4JClassLoading.getNd4jClassloader();
        ND4JClassLoading.setNd4jClassloader(visible(target, before));
        try {
            return Nd4j.getBackend().getClass().getName().equals(BackendSearch.CPU_BACKEND);
        } catch (LinkageError | RuntimeException e) {
            throw failure(target, hint, e);
        } finally {
            ND4JClassLoading.setNd4jClassloader(before);
        }
    }

    /** ND4J's own loader is its first thread's context class loader, which may be null. */
    private static ClassLoader visible(Target target, ClassLoader before) {
        ClassLoader parent = before == null ? BackendStart.class.getClassLoader() : before;
        return switch (target) {
            case ANY -> before;
            case CPU -> new VisibleBackend(BackendSearch.CPU_BACKEND, parent);
            case CUDA -> new VisibleBackend(BackendSearch.CUDA_BACKEND, parent);
        };
    }

    static IllegalStateException failure(Target target, String hint, Throwable e) {
        String message =
                switch (target) {
                    case ANY ->
                            "no ND4J backend could be started (%s); %s%s"
                                    .formatted(rootOf(e), BackendDecision.ADD_CPU, hint);
                    case CPU ->
                            "the CPU backend could not be started (%s); %s"
                                    .formatted(rootOf(e), BackendDecision.ADD_CPU);
                    case CUDA ->
                            "the CUDA backend could not be started (%s; see ND4J's log)%s"
                                    .formatted(rootOf(e), hint);
                };
        return new IllegalStateException(message, e);
    }

    private static Throwable rootOf(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** A card without matching machine code is found by the backend, and fails at the first sum. */
    static void requireComputing(DoubleSupplier sumOfFour) {
        double found;
        try {
            found = sumOfFour.getAsDouble();
        } catch (RuntimeException e) {
            throw new IllegalStateException(cannotCompute("failed: " + rootOf(e)), e);
        }
        if (found != 4) {
            throw new IllegalStateException(cannotCompute("gave %s, not 4".formatted(found)));
        }
    }

    private static String cannotCompute(String what) {
        return "the CUDA backend started, but its first sum "
                + what
                + ". Its natives hold machine code for cards of compute capability "
                + CudaDevice.SUPPORTED
                + " and no PTX; on another card set deepcovid.backend to cpu";
    }
}
