package org.deepcovid.core.runtime;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.nd4j.nativeblas.Nd4jCpu;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Initialises ND4J and DL4J once, before anything else uses them. Every entry point of this library
 * calls {@link #initialise()}; an application that also uses DL4J itself should call it first.
 *
 * <p>On the CPU backend DL4J's oneDNN layer helpers are switched on. Native memory is limited by
 * the machine's memory, and the number of native threads is set. System properties that the user
 * has set are kept: {@value #HELPERS_DISABLE}, {@value #MEMORY_LIMIT}, {@value #THREADS}, {@value
 * #BACKEND}.
 */
public final class DeepCovidRuntime {

    /** DL4J's switch for its layer helpers; {@code "true"} turns them off. */
    public static final String HELPERS_DISABLE = "org.eclipse.deeplearning4j.helpers.disable";

    /** JavaCPP's limit on the resident size of the process, in bytes or with a suffix k, m, g. */
    public static final String MEMORY_LIMIT = "org.bytedeco.javacpp.maxphysicalbytes";

    /** Threads per native operation; default {@code OMP_NUM_THREADS}, else all processors. */
    public static final String THREADS = "deepcovid.threads";

    /**
     * The ND4J backend: {@code cpu} (the default), {@code cuda} (an error where CUDA cannot run),
     * or {@code auto} (CUDA if it is on the class path and can run, else the CPU with a warning).
     */
    public static final String BACKEND = "deepcovid.backend";

    /** Environment variable used where {@value #BACKEND} is not set. */
    public static final String BACKEND_VARIABLE = "DEEPCOVID_BACKEND";

    private static final Logger LOG = LoggerFactory.getLogger(DeepCovidRuntime.class);
    private static final double SHARE_OF_MEMORY = 0.8;

    private DeepCovidRuntime() {}

    /** ND4J cannot be started twice, so a failure is kept as well. */
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
     * @throws IllegalStateException if the backend cannot be loaded, or {@value #BACKEND} or
     *     {@value #THREADS} has an invalid value; the message says what to do
     */
    public static RuntimeEnvironment initialise() {
        if (Holder.FAILURE != null) {
            throw new IllegalStateException(Holder.FAILURE.getMessage(), Holder.FAILURE);
        }
        return Holder.ENVIRONMENT;
    }

    /** Whether ND4J may run on CUDA when it is started. Starts nothing. */
    public static boolean mayUseCuda() {
        return backend(warning -> {}) != BackendChoice.CPU;
    }

    /**
     * The reasons why ND4J cannot run on CUDA here, one sentence each: backend or natives not on
     * the class path, no card that {@code nvidia-smi} lists, or none of a supported compute
     * capability; empty if none is known. Loads no native code.
     */
    public static List<String> cudaObstacles() {
        return CudaCheck.ofThisMachine().obstacles();
    }

    private static BackendChoice backend(Consumer<String> warnings) {
        return BackendChoice.read(System.getProperty(BACKEND), System.getenv(BACKEND_VARIABLE))
                .resolve(CudaCheck.ofThisMachine(), warnings);
    }

    /**
     * Threads per native operation: {@value #THREADS}, else the environment variable {@code
     * OMP_NUM_THREADS}, else the number of processors. Starts nothing.
     *
     * @throws IllegalStateException if {@value #THREADS} is not a positive number
     */
    public static int threads() {
        return requestedThreads(System.getProperty(THREADS))
                .orElseGet(() -> threadsOf(System.getenv("OMP_NUM_THREADS")));
    }

    /** OpenMP accepts a list with one number per nesting level and ignores invalid values. */
    static int threadsOf(String openMp) {
        if (openMp != null && openMp.strip().matches("[1-9][0-9]{0,4}(,.*)?")) {
            return Integer.parseInt(openMp.strip().split(",")[0]);
        }
        return Runtime.getRuntime().availableProcessors();
    }

    private static RuntimeEnvironment start() {
        Optional<Integer> threads = requestedThreads(System.getProperty(THREADS));
        configureJavaCpp();
        boolean cpu = backend(LOG::warn).start(LOG::warn);
        if (cpu) {
            setIfAbsent(HELPERS_DISABLE, "false");
        }
        if (threads.isPresent()) {
            Nd4j.getEnvironment().setMaxThreads(threads.get());
            Nd4j.getEnvironment().setMaxMasterThreads(threads.get());
        }
        return describe(cpu);
    }

    /**
     * Sets what JavaCPP reads when its first class is loaded, unless it is set already: a limit on
     * memory that suits this machine, and SLF4J as its log, so that its remark on libraries made
     * for another version of it can be silenced by name ({@code org.bytedeco.javacpp.Loader}).
     */
    public static void configureJavaCpp() {
        setIfAbsent(MEMORY_LIMIT, Long.toString((long) (machineMemory() * SHARE_OF_MEMORY)));
        setIfAbsent("org.bytedeco.javacpp.logger", "slf4j");
    }

    static Optional<Integer> requestedThreads(String text) {
        if (text == null) {
            return Optional.empty();
        }
        if (!text.strip().matches("0*[1-9][0-9]{0,8}")) {
            throw new IllegalStateException(
                    "system property %s is '%s'; expected a positive whole number"
                            .formatted(THREADS, text));
        }
        return Optional.of(Integer.valueOf(text.strip()));
    }

    /**
     * Runs work that consists of many tiny operations on one native thread. Several threads would
     * cost more than they gain, and with one thread the result does not depend on the number of
     * processors. The setting applies to the whole process while the work runs; concurrent work is
     * slower meanwhile, but still correct.
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

    private static long machineMemory() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
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
                Stream.of("os.name", "os.version", "os.arch")
                        .map(System::getProperty)
                        .collect(Collectors.joining(" ")),
                Optional.ofNullable(library.getImplementationVersion()).orElse("development"));
    }
}
