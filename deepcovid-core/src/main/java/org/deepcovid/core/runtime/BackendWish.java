package org.deepcovid.core.runtime;

import java.util.Locale;

/** Which ND4J backend the user asked for. */
enum BackendWish {
    /** CUDA if it is on the class path and can run here, else the CPU. */
    AUTO,
    CPU,
    CUDA;

    /**
     * Reads the wish; the property goes before the environment.
     *
     * @param property value of {@value DeepCovidRuntime#BACKEND}, or null
     * @param environment value of {@value DeepCovidRuntime#BACKEND_VARIABLE}, or null
     * @throws IllegalStateException if the one that counts has another value
     */
    static BackendWish read(String property, String environment) {
        if (property != null) {
            return parse("system property " + DeepCovidRuntime.BACKEND, property);
        }
        if (environment != null && !environment.isBlank()) {
            return parse("environment variable " + DeepCovidRuntime.BACKEND_VARIABLE, environment);
        }
        return AUTO;
    }

    private static BackendWish parse(String source, String text) {
        try {
            return valueOf(text.strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "%s is '%s'; expected auto, cpu or cuda".formatted(source, text), e);
        }
    }
}
