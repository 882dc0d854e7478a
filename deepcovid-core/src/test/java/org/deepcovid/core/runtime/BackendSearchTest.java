package org.deepcovid.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackendSearchTest {

    @Test
    void readsTheDriversListOfCards() {
        FakeMachine machine =
                new FakeMachine()
                        .driverTool(0, "Tesla T4, 7.5\r\nNVIDIA RTX A2000, 12GB, 8.6\r\n\r\n");

        CudaProbe probe = machine.search().probe();

        assertThat(probe.driver()).isTrue();
        assertThat(probe.devices())
                .contains(
                        List.of(
                                new CudaDevice("Tesla T4", 7, 5),
                                new CudaDevice("NVIDIA RTX A2000, 12GB", 8, 6)));
    }

    /** Drivers too old to know the question answer with an error: CUDA is then tried. */
    @Test
    void driverThatDoesNotAnswerKeepsNothingFromRunning() {
        FakeMachine machine =
                new FakeMachine()
                        .resources(FakeMachine.CUDA, FakeMachine.NATIVES)
                        .files("/usr/lib/x86_64-linux-gnu/libcuda.so.1")
                        .driverTool(2, "Field \"compute_cap\" is not a valid field to query.\n");

        CudaProbe probe = machine.search().probe();

        assertThat(probe.devices()).isEmpty();
        assertThat(probe.obstacles()).isEmpty();
    }

    @Test
    void findsLibrariesOnTheLibraryPathAndAmongThoseOfAJar() {
        FakeMachine machine =
                new FakeMachine()
                        .variable("LD_LIBRARY_PATH", "/a" + File.pathSeparator + "/opt/cuda")
                        .files("/opt/cuda/libcudart.so.11.0", "/opt/cuda/libcuda.so.1")
                        .resources("org/bytedeco/cuda/linux-x86_64/libcublas.so.11");

        CudaProbe probe = machine.search().probe();

        assertThat(probe.driver()).isTrue();
        assertThat(probe.missingLibraries()).containsExactly("libcusolver.so.11");
    }

    @Test
    void hintIsEmptyWhereTheToolkitIsInstalled() {
        FakeMachine machine =
                new FakeMachine()
                        .variable("CUDA_PATH", "/opt/cuda")
                        .files(
                                "/opt/cuda/lib64/libcudart.so.11.0",
                                "/opt/cuda/lib64/libcublas.so.11",
                                "/opt/cuda/lib64/libcusolver.so.11");

        assertThat(machine.search().probe().libraryHint()).isEmpty();
    }

    @Test
    void nativesWithCudnnServeAsWell() {
        FakeMachine machine =
                new FakeMachine()
                        .resources(
                                "org/nd4j/linalg/jcublas/bindings/linux-x86_64-cudnn/libnd4jcuda.so");

        assertThat(machine.search().probe().cudaNatives()).isTrue();
    }

    @Test
    void looksForTheNamesOfWindowsThere() {
        FakeMachine machine =
                new FakeMachine()
                        .onWindows()
                        .variable("SystemRoot", "C:/Windows")
                        .variable("CUDA_PATH", "C:/CUDA")
                        .files("C:/Windows/System32/nvcuda.dll", "C:/CUDA/bin/cudart64_110.dll")
                        .resources(
                                FakeMachine.CUDA,
                                "org/nd4j/linalg/jcublas/bindings/windows-x86_64/nd4jcuda.dll");

        CudaProbe probe = machine.search().probe();

        assertThat(probe.obstacles()).isEmpty();
        assertThat(probe.missingLibraries())
                .containsExactly("cublas64_11.dll", "cusolver64_11.dll");
        assertThat(probe.libraryHint()).contains("windows-x86_64-redist");
    }

    @Test
    void programThatIsNotThereGivesNoAnswer() {
        assertThat(new SystemSurroundings().ask(List.of("deepcovid-no-such-program"))).isEmpty();
    }

    @Test
    void programsOutputAndExitCodeAreRead() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

        Surroundings.Answer good =
                new SystemSurroundings().ask(List.of(java, "-version")).orElseThrow();
        Surroundings.Answer bad =
                new SystemSurroundings().ask(List.of(java, "-no-such-option")).orElseThrow();

        assertThat(good.exitCode()).isZero();
        assertThat(good.text()).contains("version");
        assertThat(bad.exitCode()).isNotZero();
    }

    @Test
    void cpuBackendOfTheTestsIsFoundOnThisMachine() {
        BackendSearch search = new BackendSearch(new SystemSurroundings());

        assertThat(search.cpuBackend()).isTrue();
        assertThat(search.cudaBackend()).isFalse();
        assertThat(DeepCovidRuntime.cudaObstacles())
                .anyMatch(obstacle -> obstacle.contains("not on the class path"));
    }
}
