package org.deepcovid.core.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.model.LinearHead;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ONNX project's own checker, from a Python that has the package {@code onnx}. */
class OnnxCheckerTest {

    private static final List<String> PYTHONS = List.of("python3", "/usr/bin/python3");
    private static final String CHECK =
            """
            import sys, onnx
            model = onnx.load(sys.argv[1])
            onnx.checker.check_model(model, full_check=True)
            print('checked', len(model.graph.node) > 0)
            """;

    private record Answer(int exit, String text) {}

    private static Answer run(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            byte[] text = process.getInputStream().readAllBytes();
            return new Answer(process.waitFor(), new String(text, StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            return new Answer(-1, e.toString()); // there is no such program
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theCheckerAcceptsBothFormsOfAnExport(@TempDir Path folder) throws Exception {
        List<String> able =
                PYTHONS.stream().filter(p -> run(p, "-c", "import onnx").exit() == 0).toList();
        assumeTrue(!able.isEmpty(), "no Python here has the package onnx");
        NetworkPlan plan = TinyNetwork.plan();
        OnnxExport export =
                OnnxExport.of(
                                plan,
                                NetworkParameters.of(TinyNetwork.values(plan)),
                                Normalization.TORCH)
                        .withHead(
                                new LinearHead(new float[12], new float[3]),
                                List.of("non", "yes", "No Finding"),
                                "yes")
                        .withThreshold(0.25);
        for (OnnxExport.Input input : OnnxExport.Input.values()) {
            Path file = folder.resolve(input + ".onnx");
            export.withInput(input).write(file, IfExists.FAIL);
            Answer answer = run(able.get(0), "-c", CHECK, file.toString());
            assertThat(answer).isEqualTo(new Answer(0, "checked True"));
        }
    }
}
