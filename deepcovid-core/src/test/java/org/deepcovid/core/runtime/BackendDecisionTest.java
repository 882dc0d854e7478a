package org.deepcovid.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.deepcovid.core.runtime.BackendDecision.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackendDecisionTest {

    private static final String A100 = "NVIDIA A100-SXM4-40GB, 8.0\n";
    private static final String H100 = "NVIDIA H100 80GB HBM3, 9.0\n";

    private static FakeMachine both() {
        return cudaOnly().resources(FakeMachine.CPU);
    }

    private static FakeMachine cudaOnly() {
        return new FakeMachine().resources(FakeMachine.CUDA, FakeMachine.NATIVES);
    }

    private static FakeMachine cpuOnly() {
        return new FakeMachine().resources(FakeMachine.CPU);
    }

    private static BackendDecision decide(BackendWish wish, FakeMachine machine) {
        return BackendDecision.of(wish, machine.search());
    }

    @Test
    void takesWhatIsThereWithoutLookingForCardsWhereCudaIsNotOnTheClassPath() {
        FakeMachine machine = cpuOnly().driverTool(0, A100);

        assertThat(decide(BackendWish.AUTO, machine).target()).isEqualTo(Target.ANY);
        assertThat(decide(BackendWish.CPU, machine).target()).isEqualTo(Target.CPU);
        assertThat(machine.questions()).isZero();
    }

    @Test
    void triesCudaWhereNothingSpeaksAgainstIt() {
        BackendDecision decision = decide(BackendWish.AUTO, both().driverTool(0, A100));

        assertThat(decision.target()).isEqualTo(Target.ANY);
        assertThat(decision.remark()).isEmpty();
    }

    @Test
    void turnsToTheCpuAndSaysWhyWhereCudaCannotRun() {
        BackendDecision decision = decide(BackendWish.AUTO, both().driverTool(0, H100));

        assertThat(decision.target()).isEqualTo(Target.CPU);
        assertThat(decision.remark())
                .hasValueSatisfying(
                        remark ->
                                assertThat(remark)
                                        .startsWith("the CPU is used, since CUDA cannot be: ")
                                        .contains("NVIDIA H100 80GB HBM3"));
    }

    @Test
    void cpuIsTakenWhereAskedForThoughCudaCouldRun() {
        assertThat(decide(BackendWish.CPU, both().driverTool(0, A100)).target())
                .isEqualTo(Target.CPU);
    }

    @Test
    void cudaIsTakenWhereAskedFor() {
        BackendDecision decision = decide(BackendWish.CUDA, both().driverTool(0, A100));

        assertThat(decision.target()).isEqualTo(Target.CUDA);
        assertThat(decision.hint())
                .contains("libcudart.so.11.0, libcublas.so.11, libcusolver.so.11")
                .contains("linux-x86_64-redist");
    }

    @Test
    void cudaAskedForNamesEverythingThatIsMissing() {
        assertThatThrownBy(() -> decide(BackendWish.CUDA, cpuOnly()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("CUDA was asked for by deepcovid.backend")
                .hasMessageContaining("add org.nd4j:nd4j-cuda-11.6 and its natives")
                .hasMessageContaining("no NVIDIA driver was found: its library libcuda.so.1")
                .hasMessageEndingWith("set deepcovid.backend to cpu or auto");
    }

    @Test
    void cudaAskedForNamesNativesThatAreMissing() {
        FakeMachine machine = new FakeMachine().resources(FakeMachine.CUDA).driverTool(0, A100);

        assertThatThrownBy(() -> decide(BackendWish.CUDA, machine))
                .hasMessageContaining(
                        "add org.nd4j:nd4j-cuda-11.6 with the classifier linux-x86_64")
                .hasMessageNotContaining("driver");
    }

    @Test
    void cudaAskedForOnTooNewACardSaysWhichCardsTheNativesServe() {
        assertThatThrownBy(() -> decide(BackendWish.CUDA, both().driverTool(0, H100)))
                .hasMessageContaining(
                        "NVIDIA H100 80GB HBM3 (compute capability 9.0) cannot run the natives")
                .hasMessageContaining("compute capability 3.7 to 8.6 and no PTX");
    }

    @Test
    void cudaAskedForWithoutADeviceSaysSo() {
        FakeMachine machine =
                both().files("/usr/lib64/libcuda.so.1").driverTool(6, "No devices were found\n");

        assertThatThrownBy(() -> decide(BackendWish.CUDA, machine))
                .hasMessageContaining("the NVIDIA driver lists no device");
    }

    @Test
    void oneSuitableCardAmongOthersSuffices() {
        assertThat(decide(BackendWish.CUDA, both().driverTool(0, H100 + A100)).target())
                .isEqualTo(Target.CUDA);
    }

    @Test
    void cpuAskedForAndAbsentIsAnError() {
        assertThatThrownBy(() -> decide(BackendWish.CPU, cudaOnly()))
                .hasMessageContaining("the CPU backend was asked for")
                .hasMessageContaining("add org.nd4j:nd4j-native");
    }

    @Test
    void cudaAloneThatCannotRunIsAnErrorNotAStackTraceOfNd4j() {
        assertThatThrownBy(() -> decide(BackendWish.AUTO, cudaOnly()))
                .hasMessageContaining("the only ND4J backend on the class path is CUDA")
                .hasMessageContaining("no NVIDIA driver was found")
                .hasMessageContaining("add org.nd4j:nd4j-native");
    }

    @ParameterizedTest
    @CsvSource({
        "3, 5, false", "3, 7, true", "5, 0, true", "6, 1, true", "7, 5, true", "8, 0, true",
        "8, 6, true", "8, 9, true", "9, 0, false", "10, 0, false", "12, 0, false", "2, 1, false"
    })
    void machineCodeServesCapabilitiesFrom37To8(int major, int minor, boolean served) {
        assertThat(new CudaDevice("a card", major, minor).hasMachineCode()).isEqualTo(served);
    }

    @Test
    void wishIsReadFromThePropertyThenTheEnvironment() {
        assertThat(BackendWish.read(null, null)).isEqualTo(BackendWish.AUTO);
        assertThat(BackendWish.read(null, " ")).isEqualTo(BackendWish.AUTO);
        assertThat(BackendWish.read(null, "cuda")).isEqualTo(BackendWish.CUDA);
        assertThat(BackendWish.read(" CPU ", "cuda")).isEqualTo(BackendWish.CPU);
        assertThatThrownBy(() -> BackendWish.read("gpu", null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "system property deepcovid.backend is 'gpu'; expected auto, cpu or cuda");
        assertThatThrownBy(() -> BackendWish.read(null, "gpu"))
                .hasMessageStartingWith("environment variable DEEPCOVID_BACKEND is 'gpu'");
    }
}
