package org.deepcovid.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The choice between CPU and CUDA on made-up machines. */
class BackendChoiceTest {

    private static final String A100 = "NVIDIA A100-SXM4-40GB, 8.0\n";
    private static final String H100 = "NVIDIA H100 80GB HBM3, 9.0\n";

    private final List<String> warnings = new ArrayList<>();

    private static FakeMachine withCuda() {
        return new FakeMachine().resources(FakeMachine.CUDA, FakeMachine.NATIVES);
    }

    private BackendChoice resolve(BackendChoice choice, FakeMachine machine) {
        return choice.resolve(machine.check(), warnings::add);
    }

    private static List<String> obstacles(FakeMachine machine) {
        return machine.check().obstacles();
    }

    @Test
    void cpuNeverLooksForCards() {
        FakeMachine machine = withCuda().cards(A100);
        assertThat(resolve(BackendChoice.CPU, machine)).isEqualTo(BackendChoice.CPU);
        assertThat(machine.queries()).isZero();
    }

    @Test
    void autoDoesNotLookForCardsWhereCudaIsNotOnTheClassPath() {
        FakeMachine machine = new FakeMachine().cards(A100);
        assertThat(resolve(BackendChoice.AUTO, machine)).isEqualTo(BackendChoice.CPU);
        assertThat(machine.queries()).isZero();
        assertThat(warnings).isEmpty();
    }

    @Test
    void cudaIsTriedOnASupportedCard() {
        for (BackendChoice choice : List.of(BackendChoice.AUTO, BackendChoice.CUDA)) {
            assertThat(resolve(choice, withCuda().cards(A100))).isEqualTo(choice);
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    void autoFallsBackToTheCpuAndSaysWhy() {
        assertThat(resolve(BackendChoice.AUTO, withCuda().cards(H100)))
                .isEqualTo(BackendChoice.CPU);
        assertThat(warnings)
                .singleElement()
                .asString()
                .startsWith("the CPU is used, since CUDA cannot be used: ")
                .contains("NVIDIA H100 80GB HBM3");
    }

    @Test
    void cudaOnAnUnsupportedCardIsRefusedWithTheSupportedCapabilities() {
        FakeMachine machine = withCuda().cards(H100);
        assertThatThrownBy(() -> resolve(BackendChoice.CUDA, machine))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("NVIDIA H100 80GB HBM3 (compute capability 9.0) cannot run")
                .hasMessageContaining("compute capability 3.7 to 8.9 and contain no PTX")
                .hasMessageEndingWith("set deepcovid.backend to cpu");
    }

    @Test
    void cudaListsEveryObstacle() {
        assertThatThrownBy(() -> resolve(BackendChoice.CUDA, new FakeMachine()))
                .hasMessageStartingWith("deepcovid.backend is cuda, and CUDA cannot be used")
                .hasMessageContaining("add org.nd4j:nd4j-cuda-11.6 and its natives")
                .hasMessageContaining("nvidia-smi lists no card");
    }

    @Test
    void missingNativesAreNamedWithTheirClassifier() {
        FakeMachine linux = new FakeMachine().resources(FakeMachine.CUDA).cards(A100);
        assertThat(obstacles(linux))
                .singleElement()
                .asString()
                .contains("add org.nd4j:nd4j-cuda-11.6 with the classifier linux-x86_64");
        assertThat(obstacles(linux.onWindows()))
                .singleElement()
                .asString()
                .contains("windows-x86_64");
        assertThat(
                        obstacles(
                                linux.resources(
                                        "org/nd4j/linalg/jcublas/bindings/windows-x86_64-cudnn/nd4jcuda.dll")))
                .isEmpty();
    }

    @Test
    void oneSupportedCardSufficesAndNoneOrAnUnknownOneIsRefused() {
        assertThat(obstacles(withCuda().cards(H100 + A100))).isEmpty();
        for (String text :
                List.of(
                        "No devices were found\n",
                        "Field \"compute_cap\" is not a valid field to query.\n")) {
            assertThat(obstacles(withCuda().cards(text)))
                    .singleElement()
                    .asString()
                    .startsWith("nvidia-smi lists no card");
        }
    }

    @ParameterizedTest
    @CsvSource({"true, 3.7 5.0 6.1 7.5 8.0 8.6 8.9", "false, 2.1 3.5 9.0 10.0 12.0"})
    void capabilitiesFrom37To89AreSupported(boolean supported, String capabilities) {
        for (String capability : capabilities.split(" ", -1)) {
            FakeMachine machine = withCuda().cards("RTX, 12GB, " + capability + "\r\n\r\n");
            assertThat(obstacles(machine).isEmpty()).as(capability).isEqualTo(supported);
        }
    }

    @Test
    void thePropertyTakesPrecedenceOverTheEnvironment() {
        assertThat(BackendChoice.read(null, null)).isEqualTo(BackendChoice.CPU);
        assertThat(BackendChoice.read(null, " ")).isEqualTo(BackendChoice.CPU);
        assertThat(BackendChoice.read(null, "cuda")).isEqualTo(BackendChoice.CUDA);
        assertThat(BackendChoice.read(" Auto ", "cuda")).isEqualTo(BackendChoice.AUTO);
        assertThatThrownBy(() -> BackendChoice.read("gpu", null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "system property deepcovid.backend is 'gpu'; expected cpu, cuda or auto");
        assertThatThrownBy(() -> BackendChoice.read(null, "gpu"))
                .hasMessageStartingWith("environment variable DEEPCOVID_BACKEND is 'gpu'");
    }

    @Test
    void theOutputOfProgramsIsRead() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        assertThat(CudaCheck.output(java, "-version")).contains("version");
        assertThat(CudaCheck.output(java, "-no-such-option")).contains("no-such-option");
        assertThat(CudaCheck.output("deepcovid-no-such-program")).isEmpty();
    }

    @Test
    void theTestsRunWithoutTheCudaBackend() {
        assertThat(DeepCovidRuntime.mayUseCuda()).isFalse();
        assertThat(DeepCovidRuntime.cudaObstacles())
                .anyMatch(obstacle -> obstacle.contains("not on the class path"));
    }
}
