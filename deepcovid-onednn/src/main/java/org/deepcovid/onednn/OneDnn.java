package org.deepcovid.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core_amx;
import static org.bytedeco.dnnl.global.dnnl.dnnl_get_effective_cpu_isa;
import static org.bytedeco.dnnl.global.dnnl.dnnl_version;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.util.Optional;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.engine;
import org.bytedeco.javacpp.Loader;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The oneDNN of this process. */
final class OneDnn {

    private static final Logger LOG = LoggerFactory.getLogger(OneDnn.class);

    private OneDnn() {}

    /** Loads the native library at its first use. */
    private static final class Library {

        static final Optional<Throwable> FAILURE = load();
        static final Optional<Function> SET_OPENMP_THREADS =
                FAILURE.isEmpty() ? openMp() : Optional.empty();

        private static Optional<Throwable> load() {
            try {
                DeepCovidRuntime.configureJavaCpp();
                Loader.load(org.bytedeco.dnnl.global.dnnl.class);
                return Optional.empty();
            } catch (LinkageError | RuntimeException e) {
                LOG.debug("oneDNN cannot be loaded here", e);
                return Optional.of(e);
            }
        }

        /** OpenMP's setting for the calling thread, which the Java binding does not offer. */
        private static Optional<Function> openMp() {
            return Loader.getLoadedLibraries().values().stream()
                    .filter(file -> file != null && file.contains("gomp"))
                    .findFirst()
                    .flatMap(Library::setThreads);
        }

        private static Optional<Function> setThreads(String file) {
            try {
                return Optional.of(
                        NativeLibrary.getInstance(file).getFunction("omp_set_num_threads"));
            } catch (LinkageError | RuntimeException e) {
                LOG.debug("OpenMP's threads cannot be set", e);
                return Optional.empty();
            }
        }
    }

    static boolean loads() {
        return Library.FAILURE.isEmpty();
    }

    static String name() {
        dnnl_version_t version = dnnl_version();
        return "oneDNN %d.%d.%d".formatted(version.major(), version.minor(), version.patch());
    }

    /** Whether bfloat16 runs in optimised code. */
    static boolean hasBfloat16() {
        return loads() && isa(dnnl_cpu_isa_avx512_core);
    }

    /** Whether the processor has matrix instructions (AMX) for bfloat16. */
    static boolean hasBfloat16Matrices() {
        return loads() && isa(dnnl_cpu_isa_avx512_core_amx);
    }

    private static boolean isa(int flags) {
        return (dnnl_get_effective_cpu_isa() & flags) == flags;
    }

    /** The processor. Engines hold no state; one serves all networks. */
    static engine cpu() {
        return Cpu.ENGINE;
    }

    private static final class Cpu {
        /** Counted as in use, so that no {@code PointerScope} of its first user frees it. */
        static final engine ENGINE = new engine(engine.kind.cpu, 0).retainReference();
    }

    /**
     * Makes calls of oneDNN by the calling thread run on that thread alone. Where OpenMP's function
     * is not found, each call uses all cores.
     */
    static void useOneThread() {
        Library.SET_OPENMP_THREADS.ifPresent(f -> f.invoke(new Object[] {1}));
    }
}
