package org.deepcovid.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class DeepCovidRuntimeTest {

    @Test
    void usesOneDnnHelpersAndBoundsMemoryOnCpu() {
        RuntimeEnvironment found = DeepCovidRuntime.initialise();

        assertThat(found.backend()).isEqualTo("CpuBackend");
        assertThat(found.oneDnn()).as(found.summary()).isEqualTo(nativeHasOneDnn());
        assertThat(found.memoryLimitBytes()).isPositive().isLessThan(found.machineMemoryBytes());
        assertThat(found.threads()).isPositive();
        assertThat(DeepCovidRuntime.initialise()).isSameAs(found);
    }

    private static boolean nativeHasOneDnn() {
        return org.nd4j.linalg.factory.Nd4j.getBackend().buildInfo().contains("HAVE_ONEDNN");
    }

    @Test
    void oneNativeThreadIsGivenBackAlsoAfterAFailure() {
        int before = nativeThreads();

        assertThat(DeepCovidRuntime.onOneNativeThread(DeepCovidRuntimeTest::nativeThreads))
                .isEqualTo(1);
        assertThat(nativeThreads()).isEqualTo(before);
        assertThatThrownBy(
                        () ->
                                DeepCovidRuntime.onOneNativeThread(
                                        () -> {
                                            throw new IllegalArgumentException("stop");
                                        }))
                .hasMessage("stop");
        assertThat(nativeThreads()).isEqualTo(before);
    }

    private static int nativeThreads() {
        DeepCovidRuntime.initialise(); // ND4J's holder of native operations must not come first
        return org.nd4j.nativeblas.NativeOpsHolder.getInstance()
                .getDeviceNativeOps()
                .ompGetMaxThreads();
    }

    @Test
    void refusesThreadCountThatIsNoPositiveNumber() {
        assertThat(DeepCovidRuntime.requestedThreads(null)).isEmpty();
        assertThat(DeepCovidRuntime.requestedThreads(" 3 ")).contains(3);
        for (String bad : List.of("0", "-2", "many", "")) {
            assertThatThrownBy(() -> DeepCovidRuntime.requestedThreads(bad))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("deepcovid.threads is '" + bad + "'");
        }
    }

    @Test
    void readsLinuxProcessorDescription() {
        List<String> lines =
                List.of(
                        "processor\t: 0",
                        "model name\t: Example 9000",
                        "flags\t\t: fpu avx2 avx fma");

        assertThat(Processor.vectorExtensions(lines)).containsExactly("avx", "avx2", "fma");
        assertThat(Processor.field(lines, "model name", "?")).isEqualTo("Example 9000");
        assertThat(Processor.field(List.of(), "model name", "?")).isEqualTo("?");
    }
}
