package org.deepcovid.core.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Checks, without loading native code, whether nd4j-cuda-11.6 1.0.0-M2.1 can run. */
record CudaCheck(Machine machine) {

    static final String BACKEND = "org.nd4j.linalg.jcublas.JCublasBackend";

    /**
     * The natives contain machine code for 3.7, 5.0, 5.2, 6.0, 6.1, 7.0, 7.5, 8.0 and 8.6. Code for
     * one capability also runs on later ones of the same major number. There is no PTX, which a
     * driver could translate for other cards.
     */
    static final String SUPPORTED = "compute capability 3.7 to 8.9";

    private static final List<String> QUERY =
            List.of("nvidia-smi", "--query-gpu=name,compute_cap", "--format=csv,noheader");
    private static final Pattern DEVICE =
            Pattern.compile("(?<name>.+),\\s*(?<major>\\d{1,3})\\.(?<minor>\\d{1,3})");

    /** Exists where a driver is loaded: on Linux, under WSL, on Windows. */
    private static final List<Path> DRIVERS =
            List.of(
                    Path.of("/dev/nvidiactl"),
                    Path.of("/dev/dxg"),
                    Path.of("C:/Windows/System32/nvcuda.dll"));

    /** A graphics card. */
    private record Device(String name, int major, int minor) {

        boolean supported() {
            return major == 3 ? minor >= 7 : major >= 5 && major <= 8;
        }

        @Override
        public String toString() {
            return "%s (compute capability %d.%d)".formatted(name, major, minor);
        }
    }

    boolean onClassPath() {
        return machine.onClassPath(BACKEND.replace('.', '/') + ".class");
    }

    /** One sentence per obstacle; empty if no obstacle is known. */
    List<String> obstacles() {
        List<String> obstacles = new ArrayList<>();
        if (!onClassPath()) {
            obstacles.add(
                    "the CUDA backend is not on the class path: add org.nd4j:nd4j-cuda-11.6 and its"
                            + " natives (classifier such as linux-x86_64)");
        } else if (!nativesOnClassPath()) {
            obstacles.add(
                    "the natives of the CUDA backend are not on the class path: add"
                            + " org.nd4j:nd4j-cuda-11.6 with the classifier "
                            + platform());
        }
        Optional<List<Device>> devices = machine.run(QUERY).flatMap(CudaCheck::devices);
        if (devices.isPresent()) {
            deviceObstacle(devices.get()).ifPresent(obstacles::add);
        } else if (DRIVERS.stream().noneMatch(machine::exists)) {
            obstacles.add("no NVIDIA driver was found (nvidia-smi lists no card)");
        }
        return List.copyOf(obstacles);
    }

    private String platform() {
        return machine.windows() ? "windows-x86_64" : "linux-x86_64";
    }

    private boolean nativesOnClassPath() {
        String library = machine.windows() ? "/nd4jcuda.dll" : "/libnd4jcuda.so";
        String folder = "org/nd4j/linalg/jcublas/bindings/" + platform();
        return machine.onClassPath(folder + library)
                || machine.onClassPath(folder + "-cudnn" + library);
    }

    /** Empty if the driver is too old to answer; CUDA is then tried. */
    private static Optional<List<Device>> devices(Machine.Output output) {
        if (output.text().contains("No devices were found")) {
            return Optional.of(List.of());
        }
        if (output.exitCode() != 0) {
            return Optional.empty();
        }
        List<Device> devices =
                output.text()
                        .lines()
                        .map(line -> DEVICE.matcher(line.strip()))
                        .filter(Matcher::matches)
                        .map(
                                found ->
                                        new Device(
                                                found.group("name"),
                                                Integer.parseInt(found.group("major")),
                                                Integer.parseInt(found.group("minor"))))
                        .toList();
        return Optional.of(devices).filter(found -> !found.isEmpty());
    }

    private static Optional<String> deviceObstacle(List<Device> devices) {
        if (devices.isEmpty()) {
            return Optional.of("the NVIDIA driver lists no device");
        }
        if (devices.stream().anyMatch(Device::supported)) {
            return Optional.empty();
        }
        return Optional.of(
                "%s cannot run nd4j-cuda-11.6, whose natives support %s and contain no PTX"
                        .formatted(
                                devices.stream()
                                        .map(Device::toString)
                                        .collect(Collectors.joining(", ")),
                                SUPPORTED));
    }
}
