package org.deepcovid.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InferenceBenchmarkTest {

    @Test
    void contendersAreFoundByName() {
        assertThat(Contender.named("compiled")).isEqualTo(Contender.COMPILED);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Contender.named("fastest"))
                .withMessage(
                        "there is no engine 'fastest'; expected one of [dl4j-stock, dl4j-helpers,"
                                + " compiled, onnxruntime, onednn-float32, onednn-bfloat16]");
    }

    @Test
    void weightsAreFoundByTheBeginningOfTheirName(@TempDir Path folder) throws Exception {
        Path older = Files.createFile(folder.resolve("resnet50_a.h5"));
        Files.createFile(folder.resolve("resnet50_b.h5"));
        Files.createFile(folder.resolve("resnet18.h5"));
        assertThat(WeightsFolder.find(folder, "resnet50")).isEqualTo(older);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WeightsFolder.find(folder, "squeezenet"))
                .withMessageContaining("-p weights=FOLDER");
        assertThatThrownBy(() -> WeightsFolder.find(folder.resolve("none"), "squeezenet"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("cannot be listed");
    }

    @Test
    void theMedianIsTheMiddle() {
        assertThat(InTurn.median(List.of(5.0, 1.0, 3.0))).isEqualTo(3);
        assertThat(InTurn.median(List.of(4.0, 1.0, 3.0, 9.0))).isEqualTo(3.5);
    }

    @Test
    void theResultsPathIsRequired() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunBenchmarks.main(new String[] {"-p", "batch=1"}))
                .withMessageContaining("expected the results' path");
    }
}
