package org.deepcovid.core.inference;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.io.File;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ONNX Runtime of this process. */
final class OnnxRuntime {

    private static final Logger LOG = LoggerFactory.getLogger(OnnxRuntime.class);

    private static final String NAME = "deepcovid";

    private static OrtEnvironment environment;

    private OnnxRuntime() {}

    /**
     * Starts ONNX Runtime at the first call.
     *
     * @throws EngineException if it is not on the class path or has no library for this platform
     */
    static synchronized OrtEnvironment environment() {
        try {
            if (environment == null) {
                stopIfInterrupted(); // before native libraries are unpacked that would stay behind
                environment =
                        OrtEnvironment.getEnvironment(
                                OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, NAME);
                environment.setTelemetry(false);
                outliveShutdown();
                deleteUnpackedLibraries();
            }
            return environment;
        } catch (CancellationException e) {
            throw e;
        } catch (LinkageError | OrtException | RuntimeException e) {
            stopIfInterrupted();
            throw new EngineException(
                    "ONNX Runtime could not be started on %s %s (%s)"
                            .formatted(
                                    System.getProperty("os.name"),
                                    System.getProperty("os.arch"),
                                    rootOf(e)),
                    e);
        }
    }

    /** Loading native code fails while the JVM shuts down; interruption explains why. */
    private static void stopIfInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("interrupted before ONNX Runtime was started");
        }
    }

    /**
     * Takes a second reference to the native environment, which is reference-counted. ONNX
     * Runtime's own shutdown hook releases the first one even while sessions run, which would free
     * the environment and crash with a segmentation fault. The second reference is never released,
     * so the environment lives as long as the process.
     */
    private static void outliveShutdown() {
        try {
            Field api =
                    Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("ortApiHandle");
            Method create =
                    OrtEnvironment.class.getDeclaredMethod(
                            "createHandle", long.class, int.class, String.class);
            api.setAccessible(true);
            create.setAccessible(true);
            create.invoke(
                    null,
                    api.getLong(null),
                    OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR.getValue(),
                    NAME);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.debug("this ONNX Runtime may crash if the process exits while a network runs", e);
        }
    }

    /**
     * ONNX Runtime asks for the deletion of its temporary folder after that of the libraries in it.
     * The JVM deletes in reverse order, so that the folder would stay.
     */
    private static void deleteUnpackedLibraries() {
        try {
            Field folder =
                    Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("tempDirectory");
            folder.setAccessible(true);
            File unpacked = ((Path) folder.get(null)).toFile();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(unpacked)));
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.debug("this ONNX Runtime may leave an empty temporary folder", e);
        }
    }

    /** Where libraries in use cannot be deleted, as on Windows, all stays. */
    private static void delete(File folder) {
        File[] libraries = folder.listFiles();
        boolean empty = libraries != null;
        for (int i = 0; empty && i < libraries.length; i++) {
            empty = libraries[i].delete();
        }
        if (!empty || !folder.delete()) {
            LOG.debug("{} was not deleted", folder);
        }
    }

    private static Throwable rootOf(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    static String name() {
        return "ONNX Runtime " + environment().getVersion();
    }

    /**
     * Compiles a model.
     *
     * @param model bytes of an ONNX model, not used after this call
     * @param threads threads per computation
     */
    static OrtSession session(byte[] model, int threads) throws OrtException {
        try (SessionOptions options = new SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
            options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
            // Idle threads sleep as soon as no run is active and leave the cores to decoders.
            options.addConfigEntry("session.force_spinning_stop", "1");
            return environment().createSession(model, options);
        }
    }
}
