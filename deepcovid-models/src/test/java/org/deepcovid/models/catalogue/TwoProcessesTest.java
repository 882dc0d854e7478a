package org.deepcovid.models.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.deepcovid.core.io.FileHashes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several threads, and two processes, that want one file. */
final class TwoProcessesTest extends ServerTest {

    @TempDir Path elsewhere;

    TwoProcessesTest() {
        super(50_000);
    }

    @Test
    void threadsShareOneDownload() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Path> fetch = () -> fetch(known());
            for (Future<Path> file : threads.invokeAll(List.of(fetch, fetch, fetch, fetch))) {
                assertThat(file.get()).hasBinaryContent(content);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void theSecondProcessWaitsAndUsesTheResult() throws Exception {
        Path ready = elsewhere.resolve("ready");
        Process second = startSecond(ready);
        try {
            CacheFixture.cache(settings())
                    .fetch( // the listener keeps the lock until the other process has started
                            known(), (file, bytes, total) -> waitFor(ready));
            assertThat(second.waitFor(15, TimeUnit.SECONDS)).isTrue();
            assertThat(second.exitValue()).isZero();
        } finally {
            second.destroyForcibly();
        }
        assertHoldsTheFile();
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void whatAKilledProcessLeftIsReplaced() throws Exception {
        server.then(server.stalledAfter(20_000));
        Process first = startSecond(elsewhere.resolve("ready"));
        Path partial = folder.resolve(FILE + ".part");
        for (int i = 0;
                i < 1500 && !(Files.exists(partial) && Files.size(partial) == 20_000);
                i++) {
            Thread.sleep(10);
        }
        first.destroyForcibly().waitFor();
        assertThat(folder.resolve(FILE)).doesNotExist();
        fetch(known());
        assertHoldsTheFile();
    }

    private Process startSecond(Path ready) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty(
                                "surefire.test.class.path", System.getProperty("java.class.path")),
                        FetchMain.class.getName(),
                        folder.toString(),
                        server.address().toString(),
                        Integer.toString(content.length),
                        FileHashes.sha256(content),
                        ready.toString())
                .inheritIO()
                .start();
    }

    private static void waitFor(Path file) {
        try {
            for (int i = 0; i < 1500 && !Files.exists(file); i++) {
                Thread.sleep(10);
            }
            Thread.sleep(100); // time enough for the other to reach the lock
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
