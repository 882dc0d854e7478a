package org.deepcovid.core.inference;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;

/** The process's ONNX Runtime. */
final class OnnxRuntime {

    private static OrtEnvironment environment;

    private OnnxRuntime() {}

    /**
     * Starts it at the first call.
     *
     * @throws EngineException if it is not on the class path or has no library for this platform
     */
    static synchronized OrtEnvironment environment() {
        try {
            if (environment == null) {
                environment =
                        OrtEnvironment.getEnvironment(
                                OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "deepcovid");
                environment.setTelemetry(false);
            }
            return environment;
        } catch (LinkageError | OrtException | RuntimeException e) {
            throw new EngineException(
                    "ONNX Runtime could not be started on %s %s (%s)"
                            .formatted(
                                    System.getProperty("os.name"),
                                    System.getProperty("os.arch"),
                                    rootOf(e)),
                    e);
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
     * Prepares a model.
     *
     * @param model bytes of an ONNX model; not needed afterwards
     * @param threads threads that one run may use
     */
    static OrtSession session(byte[] model, int threads) throws OrtException {
        try (SessionOptions options = new SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
            options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
            // Idle threads sleep as soon as no run is going on, and leave the cores to decoders.
            options.addConfigEntry("session.force_spinning_stop", "1");
            return environment().createSession(model, options);
        }
    }
}
