package org.deepcovid.core.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What CUDA would find here.
 *
 * @param cudaBackend whether nd4j-cuda-11.6 is on the class path
 * @param cudaNatives whether its natives for this platform are on the class path
 * @param platform such as {@code "linux-x86_64"}
 * @param driver whether the driver's library was found
 * @param driverLibrary its file name, such as {@code "libcuda.so.1"}
 * @param devices cards that the driver lists; empty if it could not be asked
 * @param missingLibraries file names of the CUDA toolkit's libraries that were not found; the
 *     search knows the usual folders only
 */
record CudaProbe(
        boolean cudaBackend,
        boolean cudaNatives,
        String platform,
        boolean driver,
        String driverLibrary,
        Optional<List<CudaDevice>> devices,
        List<String> missingLibraries) {

    /**
     * What keeps CUDA from running here.
     *
     * @return one sentence a cause, the first to be mended first; empty if none is known
     */
    List<String> obstacles() {
        List<String> obstacles = new ArrayList<>();
        if (!cudaBackend) {
            obstacles.add(
                    "the CUDA backend is not on the class path: add org.nd4j:nd4j-cuda-11.6 and its"
                            + " natives (classifier such as linux-x86_64)");
        } else if (!cudaNatives) {
            obstacles.add(
                    "the natives of the CUDA backend are not on the class path: add"
                            + " org.nd4j:nd4j-cuda-11.6 with the classifier "
                            + platform);
        }
        if (!driver) {
            obstacles.add(
                    "no NVIDIA driver was found: its library %s is in none of the usual folders"
                            .formatted(driverLibrary));
        } else {
            devices.flatMap(CudaProbe::unsuitable).ifPresent(obstacles::add);
        }
        return List.copyOf(obstacles);
    }

    private static Optional<String> unsuitable(List<CudaDevice> devices) {
        if (devices.isEmpty()) {
            return Optional.of("the NVIDIA driver lists no device");
        }
        if (devices.stream().anyMatch(CudaDevice::hasMachineCode)) {
            return Optional.empty();
        }
        return Optional.of(
                "%s cannot run the natives of nd4j-cuda-11.6: they hold machine code for compute"
                                .formatted(names(devices))
                        + " capability "
                        + CudaDevice.SUPPORTED
                        + " and no PTX that a driver could translate for other cards");
    }

    private static String names(List<CudaDevice> devices) {
        return devices.stream().map(CudaDevice::toString).collect(Collectors.joining(", "));
    }

    /** A remark on the toolkit's libraries, for when the backend did not start. */
    String libraryHint() {
        return missingLibraries.isEmpty()
                ? ""
                : "; not found in the usual folders: "
                        + String.join(", ", missingLibraries)
                        + " (install CUDA 11.6, or add org.bytedeco:cuda:11.6-8.3-1.5.7 with the"
                        + " classifier "
                        + platform
                        + "-redist)";
    }
}
