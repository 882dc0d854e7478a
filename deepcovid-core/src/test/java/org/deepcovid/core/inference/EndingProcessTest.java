package org.deepcovid.core.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.deepcovid.testing.OtherJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JVM that is ending still computes, as long as one of its shutdown hooks waits for that. */
class EndingProcessTest {

    private static final int CALLS = 50;
    private static final int CODE = 7;

    /** What the other JVM runs; prints how many calls came back after the end had begun. */
    static final class Main {

        private Main() {}

        public static void main(String[] args) throws InterruptedException {
            CountDownLatch ending = new CountDownLatch(1);
            CountDownLatch done = new CountDownLatch(1);
            FloatBuffer image =
                    FloatBuffer.wrap(new float[3 * TinyNetwork.SIZE * TinyNetwork.SIZE]);
            CompiledEngine engine = TinyNetwork.engine();
            float[] expected = engine.features(image).row(0);
            Runtime.getRuntime()
                    .addShutdownHook(
                            new Thread(
                                    () -> {
                                        ending.countDown();
                                        await(done);
                                    }));
            new Thread(() -> System.exit(CODE)).start();
            ending.await();
            Thread.sleep(500); // the runtime's own hook has run
            int right = 0;
            for (int i = 0; i < CALLS; i++) {
                try (CompiledEngine another = TinyNetwork.engine()) {
                    right += Arrays.equals(another.features(image).row(0), expected) ? 1 : 0;
                }
            }
            right += Arrays.equals(engine.features(image).row(0), expected) ? 1 : 0;
            engine.close();
            System.out.print(right);
            System.out.flush();
            done.countDown();
        }

        private static void await(CountDownLatch latch) {
            try {
                latch.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void networksRunUntilTheLastHookHasEnded(@TempDir Path folder) throws Exception {
        Path crash = folder.resolve("crash.log");
        List<String> options = List.of("-Xmx256m", "-XX:ErrorFile=" + crash);
        assertThat(OtherJvm.run(Main.class, options))
                .isEqualTo(new OtherJvm(CODE, Integer.toString(CALLS + 1)));
        assertThat(crash).doesNotExist();
    }
}
