package org.deepcovid.core.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Processor model and instruction sets, from {@code /proc/cpuinfo}; elsewhere just the
 * architecture.
 */
final class Processor {

    private static final Set<String> REPORTED =
            Set.of(
                    ("sse4_2 avx avx2 fma avx512f avx512bw avx512_vnni avx512_bf16 amx_tile"
                                    + " amx_bf16 asimd sve")
                            .split(" "));

    private Processor() {}

    static String model() {
        return field(lines(), "model name", System.getProperty("os.arch"));
    }

    static List<String> vectorExtensions() {
        return vectorExtensions(lines());
    }

    static List<String> vectorExtensions(List<String> cpuInfo) {
        String flags = field(cpuInfo, "flags", field(cpuInfo, "Features", ""));
        return Arrays.stream(flags.split(" "))
                .filter(REPORTED::contains)
                .distinct()
                .sorted()
                .toList();
    }

    static String field(List<String> cpuInfo, String name, String otherwise) {
        return cpuInfo.stream()
                .map(line -> line.split(":", 2))
                .filter(parts -> parts.length == 2 && parts[0].strip().equals(name))
                .map(parts -> parts[1].strip())
                .findFirst()
                .orElse(otherwise);
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo"));
        } catch (IOException e) {
            return List.of(); // not Linux
        }
    }
}
