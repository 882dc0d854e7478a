package org.deepcovid.core.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.nd4j.common.config.ND4JClassLoading;
import org.nd4j.linalg.factory.Nd4j;

/** The ND4J backend to start. */
enum BackendChoice {
    CPU("org.nd4j.linalg.cpu.nativecpu.CpuBackend"),
    CUDA(CudaCheck.BACKEND),
    /** CUDA if it is on the class path and can run, else the CPU with a warning. */
    AUTO("");

    private static final String ADD_CPU =
            "add org.nd4j:nd4j-native and its native for this platform (classifier such as"
                    + " linux-x86_64-onednn) to the class path";
    private static final String NEEDS =
            "CUDA needs a driver for CUDA 11.6 or newer and the libraries of CUDA 11.6: install"
                    + " them, or add org.bytedeco:cuda:11.6-8.3-1.5.7 with the classifier"
                    + " linux-x86_64-redist or windows-x86_64-redist";

    private final String backend;

    BackendChoice(String backend) {
        this.backend = backend;
    }

    /** Reads {@value DeepCovidRuntime#BACKEND}, else {@value DeepCovidRuntime#BACKEND_VARIABLE}. */
    static BackendChoice read(String property, String environment) {
        if (property == null && (environment == null || environment.isBlank())) {
            return CPU;
        }
        String text = property != null ? property : environment;
        String source =
                property != null
                        ? "system property " + DeepCovidRuntime.BACKEND
                        : "environment variable " + DeepCovidRuntime.BACKEND_VARIABLE;
        try {
            return valueOf(text.strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "%s is '%s'; expected cpu, cuda or auto".formatted(source, text), e);
        }
    }

    /**
     * Rejects CUDA that cannot run, before native code is loaded: {@link #AUTO} becomes {@link
     * #CPU}, with a warning.
     *
     * @throws IllegalStateException if CUDA was chosen and cannot run; lists every obstacle
     */
    BackendChoice resolve(CudaCheck cuda, Consumer<String> warnings) {
        if (this == CPU || (this == AUTO && !cuda.backendOnClassPath())) {
            return CPU;
        }
        String obstacles = String.join("; ", cuda.obstacles());
        if (obstacles.isEmpty()) {
            return this;
        }
        if (this == CUDA) {
            throw new IllegalStateException(
                    "deepcovid.backend is cuda, and CUDA cannot be used: %s. Fix this, or set deepcovid.backend to cpu"
                            .formatted(obstacles));
        }
        warnings.accept("the CPU is used, since CUDA cannot be used: " + obstacles);
        return CPU;
    }

    /**
     * Starts the backend of a resolved choice. {@link #AUTO} leaves it to ND4J to fall back to the
     * CPU; otherwise the other backends on the class path are hidden.
     *
     * @return whether it is the CPU backend
     * @throws IllegalStateException if it cannot be started
     */
    boolean start(Consumer<String> warnings) {
        ClassLoader before = ND4JClassLoading.getNd4jClassloader();
        ClassLoader parent = before == null ? BackendChoice.class.getClassLoader() : before;
        ND4JClassLoading.setNd4jClassloader(
                this == AUTO ? before : new OneBackend(backend, parent));
        try {
            boolean cpu = Nd4j.getBackend().getClass().getName().equals(CPU.backend);
            if (cpu && this == AUTO) {
                warnings.accept("the CPU is used, since CUDA did not start; " + NEEDS);
            }
            return cpu;
        } catch (LinkageError | RuntimeException e) {
            throw failure(e);
        } finally {
            ND4JClassLoading.setNd4jClassloader(before);
        }
    }

    IllegalStateException failure(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return new IllegalStateException(
                "the %s backend could not be started (%s); %s"
                        .formatted(this, root, this == CPU ? ADD_CPU : NEEDS),
                e);
    }

    /** Hides all ND4J backends but one, since ND4J tries CUDA first and falls back silently. */
    private static final class OneBackend extends ClassLoader {
        private static final String SERVICE =
                "META-INF/services/org.nd4j.linalg.factory.Nd4jBackend";

        private final String backend;

        OneBackend(String backend, ClassLoader parent) {
            super(parent);
            this.backend = backend;
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            List<URL> all = Collections.list(super.getResources(name));
            if (name.equals(SERVICE)) {
                for (Iterator<URL> urls = all.iterator(); urls.hasNext(); ) {
                    try (InputStream in = urls.next().openStream()) {
                        String providers = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                        if (providers.lines().map(String::strip).noneMatch(backend::equals)) {
                            urls.remove();
                        }
                    }
                }
            }
            return Collections.enumeration(all);
        }
    }
}
