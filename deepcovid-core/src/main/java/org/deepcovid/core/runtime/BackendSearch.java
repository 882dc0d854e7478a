package org.deepcovid.core.runtime;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out what ND4J could run on, without loading any native code. */
final class BackendSearch {

    static final String CPU_BACKEND = "org.nd4j.linalg.cpu.nativecpu.CpuBackend";
    static final String CUDA_BACKEND = "org.nd4j.linalg.jcublas.JCublasBackend";

    private static final String BINDINGS = "org/nd4j/linalg/jcublas/bindings/";
    private static final String REDISTRIBUTED = "org/bytedeco/cuda/";
    private static final List<String> QUESTION =
            List.of("nvidia-smi", "--query-gpu=name,compute_cap", "--format=csv,noheader");
    private static final Pattern DEVICE =
            Pattern.compile("(?<name>.+),\\s*(?<major>\\d{1,3})\\.(?<minor>\\d{1,3})");

    private final Surroundings surroundings;

    BackendSearch(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    boolean cpuBackend() {
        return surroundings.onClassPath(resource(CPU_BACKEND));
    }

    boolean cudaBackend() {
        return surroundings.onClassPath(resource(CUDA_BACKEND));
    }

    private static String resource(String className) {
        return className.replace('.', '/') + ".class";
    }

    CudaProbe probe() {
        Optional<List<CudaDevice>> devices = devices();
        boolean cards = devices.filter(found -> !found.isEmpty()).isPresent();
        return new CudaProbe(
                cudaBackend(),
                cudaNatives(),
                platform(),
                cards || found(driverLibrary()),
                driverLibrary(),
                devices,
                toolkit().stream().filter(this::missing).toList());
    }

    private String platform() {
        return surroundings.windows() ? "windows-x86_64" : "linux-x86_64";
    }

    private boolean cudaNatives() {
        String library = surroundings.windows() ? "/nd4jcuda.dll" : "/libnd4jcuda.so";
        return List.of("", "-cudnn").stream()
                .anyMatch(
                        extension ->
                                surroundings.onClassPath(
                                        BINDINGS + platform() + extension + library));
    }

    private String driverLibrary() {
        return surroundings.windows() ? "nvcuda.dll" : "libcuda.so.1";
    }

    private List<String> toolkit() {
        return surroundings.windows()
                ? List.of("cudart64_110.dll", "cublas64_11.dll", "cusolver64_11.dll")
                : List.of("libcudart.so.11.0", "libcublas.so.11", "libcusolver.so.11");
    }

    private boolean missing(String library) {
        return !surroundings.onClassPath(REDISTRIBUTED + platform() + '/' + library)
                && !found(library);
    }

    private boolean found(String library) {
        return folders().stream().anyMatch(folder -> surroundings.exists(Path.of(folder, library)));
    }

    private List<String> folders() {
        return surroundings.windows() ? windowsFolders() : linuxFolders();
    }

    private List<String> linuxFolders() {
        List<String> folders = new ArrayList<>(entries("LD_LIBRARY_PATH"));
        surroundings.variable("CUDA_PATH").ifPresent(home -> folders.add(home + "/lib64"));
        folders.addAll(
                List.of(
                        "/usr/lib/x86_64-linux-gnu",
                        "/lib/x86_64-linux-gnu",
                        "/usr/lib64",
                        "/lib64",
                        "/usr/lib",
                        "/usr/lib/wsl/lib",
                        "/usr/local/nvidia/lib64",
                        "/usr/local/cuda/lib64",
                        "/usr/local/cuda-11.6/lib64",
                        "/usr/local/cuda/compat",
                        "/run/opengl-driver/lib"));
        return folders;
    }

    private List<String> windowsFolders() {
        List<String> folders = new ArrayList<>(entries("PATH"));
        surroundings.variable("SystemRoot").ifPresent(root -> folders.add(root + "/System32"));
        surroundings.variable("CUDA_PATH").ifPresent(home -> folders.add(home + "/bin"));
        return folders;
    }

    private List<String> entries(String variable) {
        return surroundings
                .variable(variable)
                .map(value -> value.split(Pattern.quote(File.pathSeparator), -1))
                .map(Arrays::asList)
                .orElse(List.of())
                .stream()
                .filter(entry -> !entry.isBlank())
                .toList();
    }

    /** Asks the driver's own tool; what is no list of cards counts as no answer. */
    private Optional<List<CudaDevice>> devices() {
        return surroundings.ask(QUESTION).flatMap(BackendSearch::devices);
    }

    private static Optional<List<CudaDevice>> devices(Surroundings.Answer answer) {
        if (answer.text().contains("No devices were found")) {
            return Optional.of(List.of());
        }
        if (answer.exitCode() != 0) {
            return Optional.empty();
        }
        List<CudaDevice> devices =
                answer.text().lines().flatMap(line -> device(line).stream()).toList();
        return devices.isEmpty() ? Optional.empty() : Optional.of(devices);
    }

    private static Optional<CudaDevice> device(String line) {
        Matcher matcher = DEVICE.matcher(line.strip());
        return matcher.matches()
                ? Optional.of(
                        new CudaDevice(
                                matcher.group("name"),
                                Integer.parseInt(matcher.group("major")),
                                Integer.parseInt(matcher.group("minor"))))
                : Optional.empty();
    }
}
