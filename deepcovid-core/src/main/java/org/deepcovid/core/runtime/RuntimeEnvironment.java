package org.deepcovid.core.runtime;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;

/**
 * The machine and the software that computed a result.
 *
 * @param backend ND4J backend, such as {@code "CpuBackend"}
 * @param oneDnn whether DL4J's oneDNN layer helpers are in use
 * @param cpu processor model as reported by the system, or {@code "unknown"}
 * @param cpuFeatures vector instruction sets found, sorted; empty if unknown
 * @param threads threads per native operation
 * @param processors processors that the JVM may use
 * @param machineMemoryBytes memory of the machine or container, in bytes
 * @param memoryLimitBytes limit of the process's resident size for native allocations, in bytes
 * @param heapLimitBytes largest Java heap, in bytes
 * @param javaVersion such as {@code "17.0.15"}
 * @param operatingSystem name, version and architecture
 * @param libraryVersion version of this library, or {@code "development"} outside a packaged jar
 */
public record RuntimeEnvironment(
        String backend,
        boolean oneDnn,
        String cpu,
        List<String> cpuFeatures,
        int threads,
        int processors,
        long machineMemoryBytes,
        long memoryLimitBytes,
        long heapLimitBytes,
        String javaVersion,
        String operatingSystem,
        String libraryVersion) {

    /** Copies the list. */
    public RuntimeEnvironment {
        requireNonNull(backend, "backend is null");
        requireNonNull(cpu, "cpu is null");
        cpuFeatures = List.copyOf(cpuFeatures);
        requireNonNull(javaVersion, "javaVersion is null");
        requireNonNull(operatingSystem, "operatingSystem is null");
        requireNonNull(libraryVersion, "libraryVersion is null");
    }

    /** One line for logs and consoles: backend, helpers, threads, memory and Java version. */
    public String summary() {
        return String.format(
                Locale.ROOT,
                "%s%s, %d thread%s, native memory limit %.1f GiB of %.1f GiB, %s %s, Java %s",
                backend,
                oneDnn ? " with oneDNN helpers" : " without oneDNN helpers",
                threads,
                threads == 1 ? "" : "s",
                memoryLimitBytes / (double) (1L << 30),
                machineMemoryBytes / (double) (1L << 30),
                cpu,
                cpuFeatures,
                javaVersion);
    }
}
