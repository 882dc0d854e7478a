package org.deepcovid.core.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deepcovid.core.inference.PlanNode.Bias;
import org.deepcovid.core.inference.PlanNode.Nonlinearity;
import org.deepcovid.core.inference.Window.Extent;
import org.deepcovid.core.inference.Window.Padding;
import org.deepcovid.testing.OtherJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * A JVM whose heap neither grows nor shrinks opens networks of 19 MB; what its resident memory
 * gains is native.
 */
@EnabledOnOs(
        value = OS.LINUX,
        disabledReason = "resident memory is read from /proc, which only Linux has")
class NativeMemoryTest {

    private static final int SIDE = 6;
    private static final int ROUNDS = 12;

    /** What the other JVM runs; prints the megabytes gained by closed and by open networks. */
    static final class Main {

        private Main() {}

        public static void main(String[] args) throws IOException {
            NetworkPlan plan = wide();
            NetworkParameters parameters = NetworkParameters.of(TinyNetwork.values(plan));
            useAndClose(plan, parameters, 3);
            long before = residentMegabytes();
            useAndClose(plan, parameters, ROUNDS);
            long closed = residentMegabytes();
            for (int i = 0; i < ROUNDS; i++) {
                use(TinyNetwork.engine(plan, parameters));
            }
            System.out.print((closed - before) + " " + (residentMegabytes() - closed));
        }
    }

    private static void useAndClose(NetworkPlan plan, NetworkParameters parameters, int rounds) {
        for (int i = 0; i < rounds; i++) {
            try (CompiledEngine engine = TinyNetwork.engine(plan, parameters)) {
                use(engine);
            }
        }
    }

    private static void use(InferenceEngine engine) {
        float[] images = new float[4 * 3 * SIDE * SIDE];
        assertThat(engine.features(FloatBuffer.wrap(images)).batch()).isEqualTo(4);
    }

    /** 4.7 million weights, mostly between 512 and 1024 channels. */
    private static NetworkPlan wide() {
        Window window =
                new Window(new Extent(3, 3), new Extent(1, 1), new Extent(1, 1), Padding.NONE);
        return new NetworkPlan(
                "images",
                ActivationShape.map(3, SIDE, SIDE),
                List.of(
                        convolution("first", "images", 512, window),
                        convolution("second", "first", 1024, window),
                        new PlanNode.GlobalAverage("features", List.of("second"))),
                Map.of(NetworkOutput.FEATURES, "features"));
    }

    private static PlanNode.Convolution convolution(
            String name, String input, int channels, Window window) {
        return new PlanNode.Convolution(
                name, List.of(input), channels, window, Bias.ADDED, Nonlinearity.RELU);
    }

    private static long residentMegabytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void closingReleasesTheNativeMemory() throws Exception {
        List<String> fixedHeap = List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch");
        OtherJvm ended = OtherJvm.run(Main.class, fixedHeap);
        assertThat(ended.exit()).isZero();
        String[] gained = ended.output().split(" ", -1);
        assertThat(Integer.parseInt(gained[1])).as("open networks stay").isGreaterThan(150);
        assertThat(Integer.parseInt(gained[0])).as("closed ones go").isLessThan(75);
    }
}
