package org.deepcovid.core.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deepcovid.testing.OtherJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plan is read from JSON and run in a JVM whose class path lacks ND4J and DL4J. */
class WithoutNd4jTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What the other JVM runs. */
    static final class Main {

        private Main() {}

        public static void main(String[] args) throws Exception {
            NetworkPlan plan = JSON.readValue(Path.of(args[0]).toFile(), NetworkPlan.class);
            try (CompiledEngine engine =
                    TinyNetwork.engine(plan, NetworkParameters.of(TinyNetwork.values(plan)))) {
                System.out.print(answer(engine));
            }
        }
    }

    private static String answer(InferenceEngine engine) {
        float[] images = new float[3 * TinyNetwork.SIZE * TinyNetwork.SIZE];
        for (int i = 0; i < images.length; i++) {
            images[i] = (float) Math.sin(i);
        }
        return Arrays.toString(engine.features(FloatBuffer.wrap(images)).row(0));
    }

    @Test
    void theCompiledEngineNeedsNoNd4j(@TempDir Path folder) throws Exception {
        Path plan = folder.resolve("plan.json");
        JSON.writeValue(plan.toFile(), TinyNetwork.plan());
        List<String> options = // newer JDKs warn without the first
                List.of("--enable-native-access=ALL-UNNAMED", "-cp", classPathWithoutNd4j());
        try (CompiledEngine engine = TinyNetwork.engine()) {
            assertThat(OtherJvm.run(Main.class, options, plan))
                    .isEqualTo(new OtherJvm(0, answer(engine)));
        }
    }

    private static String classPathWithoutNd4j() {
        List<String> entries =
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(entry -> !entry.contains("nd4j"))
                        .filter(entry -> !entry.contains("deeplearning4j"))
                        .filter(entry -> !entry.contains("javacpp"))
                        .toList();
        assertThat(entries).isNotEmpty();
        return entries.stream().collect(Collectors.joining(File.pathSeparator));
    }
}
