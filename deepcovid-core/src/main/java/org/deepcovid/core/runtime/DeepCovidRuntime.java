package org.deepcovid.core.runtime;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.nd4j.nativeblas.Nd4jCpu;

/**
 * Sets ND4J and DL4J up, once, before anything else touches them. Every entry point of this library
 * calls {@link #initialise()}; an application that uses DL4J beside it should call it first.
 *
 * <p>It makes DL4J use its oneDNN layer helpers on the CPU backend, bounds native memory by the
 * machine's memory, and sets the number of native threads. A system property that the user has set
 * is left alone: {@value #HELPERS_DISABLE}, {@value #MEMORY_LIMIT}, {@value #THREADS}. The
 * environment variable {@code OMP_NUM_THREADS} counts like the thread property. {@value #BACKEND}
 * chooses between CPU and CUDA.
 */
public final class DeepCovidRuntime {

    /** DL4J's switch for its layer helpers; {@code "true"} turns them off. */
    public static final String HELPERS_DISABLE = "org.eclipse.deeplearning4j.helpers.disable";

    /** JavaCPP's limit on the resident size of the process, in bytes or with a suffix k, m, g. */
    public static final String MEMORY_LIMIT = "org.bytedeco.javacpp.maxphysicalbytes";

    /** Number of threads that one native operation may use; default one per processor. */
    public static final String THREADS = "deepcovid.threads";

    /**
     * Which ND4J backend to use: {@code auto} (the default: CUDA where it is on the class path and
     * can run, else the CPU, with a warning that says why), {@code cpu}, or {@code cuda} (an error
     * that says what is missing where CUDA cannot run). It goes before {@value #BACKEND_VARIABLE}.
     */
    public static final String BACKEND = "deepcovid.backend";

    /** Environment variable with the meaning of {@value #BACKEND}. */
    public static final String BACKEND_VARIABLE = "DEEPCOVID_BACKEND";

    private static final double SHARE_OF_MEMORY = 0.8;

    private DeepCovidRuntime() {}

    /** Started once; a failure is kept too, since ND4J cannot be started a second time. */
    private static final class Holder {
        static final RuntimeEnvironment ENVIRONMENT;
        static final RuntimeException FAILURE;

        static {
            RuntimeEnvironment environment = null;
            RuntimeException failure = null;
            try {
                environment = start();
            } catch (RuntimeException e) {
                failure = e;
            } catch (LinkageError e) {
                failure = new IllegalStateException("ND4J could not be started (" + e + ")", e);
            }
            ENVIRONMENT = environment;
            FAILURE = failure;
        }
    }

    /**
     * Starts the backend at the first call; later calls return at once.
     *
     * @return what was found and set
     * @throws IllegalStateException if no ND4J backend can be loaded, or not the one that {@value
     *     #BACKEND} asks for, or if {@value #BACKEND} or {@value #THREADS} has a value of the wrong
     *     kind; the message says what to do
     */
    public static RuntimeEnvironment initialise() {
        if (Holder.FAILURE != null) {
            throw new IllegalStateException(Holder.FAILURE.getMessage(), Holder.FAILURE);
        }
        return Holder.ENVIRONMENT;
    }

    /**
     * Whether ND4J may run on CUDA when it is started: it was asked for, or it is on the class path
     * and the CPU was not asked for. Starts nothing.
     *
     * @return false if ND4J will run on the CPU
     * @throws IllegalStateException if {@value #BACKEND} or {@value #BACKEND_VARIABLE} has an
     *     unknown value
     */
    public static boolean mayUseCuda() {
        return switch (wish()) {
            case CPU -> false;
            case CUDA -> true;
            case AUTO -> search().cudaBackend();
        };
    }

    /**
     * What keeps ND4J from running on CUDA here: backend or natives that are not on the class path,
     * no driver, no device, a device that the natives hold no machine code for. Loads no native
     * code.
     *
     * @return a sentence for each; empty if nothing is known that would keep it
     */
    public static List<String> cudaObstacles() {
        return search().probe().obstacles();
    }

    private static BackendWish wish() {
        return BackendWish.read(System.getProperty(BACKEND), System.getenv(BACKEND_VARIABLE));
    }

    private static BackendSearch search() {
        return new BackendSearch(new SystemSurroundings());
    }

    /**
     * Threads that one native operation may use: {@value #THREADS}, else the environment variable
     * {@code OMP_NUM_THREADS}, else one per processor. Starts nothing.
     *
     * @return at least 1
     * @throws IllegalStateException if {@value #THREADS} is not a positive number
     */
    public static int threads() {
        return requestedThreads(System.getProperty(THREADS))
                .orElseGet(() -> threadsOf(System.getenv("OMP_NUM_THREADS")));
    }

    /** OpenMP takes a list, one number a level of nesting; what it cannot read it ignores. */
    static int threadsOf(String openMp) {
        if (openMp != null && openMp.strip().matches("[1-9][0-9]{0,4}(,.*)?")) {
            return Integer.parseInt(openMp.strip().split(",")[0]);
        }
        return Runtime.getRuntime().availableProcessors();
    }

    private static RuntimeEnvironment start() {
        Optional<Integer> threads = requestedThreads(System.getProperty(THREADS));
        setIfAbsent(MEMORY_LIMIT, Long.toString(defaultMemoryLimit()));
        boolean cpu = BackendStart.run(wish(), search());
        if (cpu) {
            setIfAbsent(HELPERS_DISABLE, "false");
        }
        threads.ifPresent(DeepCovidRuntime::setThreads);
        return describe(cpu);
    }

    static Optional<Integer> requestedThreads(String text) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            int threads = Integer.parseInt(text.strip());
            if (threads > 0) {
                return Optional.of(threads);
            }
        } catch (NumberFormatException e) {
            // falls through to the one message for both cases
        }
        throw new IllegalStateException(
                "system property %s is '%s'; expected a positive whole number"
                        .formatted(THREADS, text));
    }

    private static void setThreads(int threads) {
        Nd4j.getEnvironment().setMaxThreads(threads);
        Nd4j.getEnvironment().setMaxMasterThreads(threads);
    }

    /**
     * Runs work made of many tiny operations on one native thread. Handing such operations to
     * several threads costs more than they do, many times more on a busy machine, and with one
     * thread the result does not depend on the number of processors. The setting holds for the
     * whole process while the work runs; concurrent work is slower meanwhile, not wrong.
     *
     * @param work to be run
     * @param <T> type of its result
     * @return its result
     */
    public static synchronized <T> T onOneNativeThread(Supplier<T> work) {
        initialise();
        NativeOps ops = NativeOpsHolder.getInstance().getDeviceNativeOps();
        int threads = ops.ompGetMaxThreads();
        ops.setOmpNumThreads(1);
        try {
            return work.get();
        } finally {
            ops.setOmpNumThreads(threads);
        }
    }

    private static void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private static long defaultMemoryLimit() {
        return (long) (machineMemory() * SHARE_OF_MEMORY);
    }

    private static long machineMemory() {
        java.lang.management.OperatingSystemMXBean bean =
                ManagementFactory.getOperatingSystemMXBean();
        return bean instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 2 * Runtime.getRuntime().maxMemory();
    }

    private static RuntimeEnvironment describe(boolean cpuBackend) {
        Package library = DeepCovidRuntime.class.getPackage();
        return new RuntimeEnvironment(
                Nd4j.getBackend().getClass().getSimpleName(),
                cpuBackend
                        && Nd4jCpu.Environment.getInstance().isUseMKLDNN()
                        && !Boolean.parseBoolean(System.getProperty(HELPERS_DISABLE)),
                Processor.model(),
                Processor.vectorExtensions(),
                Nd4j.getEnvironment().maxThreads(),
                Runtime.getRuntime().availableProcessors(),
                machineMemory(),
                org.bytedeco.javacpp.Pointer.maxPhysicalBytes(),
                Runtime.getRuntime().maxMemory(),
                System.getProperty("java.version"),
                System.getProperty("os.name")
                        + " "
                        + System.getProperty("os.version")
                        + " "
                        + System.getProperty("os.arch"),
                Optional.ofNullable(library.getImplementationVersion()).orElse("development"));
    }
}
