package org.deepcovid.models.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.testing.OtherJvm;
import org.deepcovid.testing.Threads;
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
        Callable<Path> fetch = () -> fetch(known());
        assertThat(Threads.results(4, Collections.nCopies(4, fetch)))
                .allSatisfy(file -> assertThat(file).hasBinaryContent(content));
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
        return OtherJvm.command(
                        FetchMain.class,
                        List.of("-Xmx64m", "-XX:TieredStopAtLevel=1"),
                        folder,
                        server.address(),
                        content.length,
                        FileHashes.sha256(content),
                        ready)
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
