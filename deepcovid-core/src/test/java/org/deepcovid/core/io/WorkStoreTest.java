package org.deepcovid.core.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.deepcovid.testing.OtherJvm;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkStoreTest {

    @TempDir Path temporary;
    private Path folder;

    @BeforeEach
    void name() {
        folder = temporary.resolve("work");
    }

    private WorkStore open() {
        return WorkStore.in(folder);
    }

    @Test
    void rowsOutliveTheProcess() {
        try (WorkStore store = open()) {
            assertThat(store.contains("a")).isFalse();
            store.put("a", new float[] {1, -0f, Float.MIN_VALUE});
            store.put("b", new float[] {});
            assertThat(store.get("a")).containsExactly(1, -0f, Float.MIN_VALUE);
        }
        try (WorkStore store = open()) {
            assertThat(store.size()).isEqualTo(2);
            assertThat(store.get("a")).containsExactly(1, -0f, Float.MIN_VALUE);
            assertThat(store.get("b")).isEmpty();
            store.put("c", new float[] {3});
        }
        try (WorkStore store = open()) {
            assertThat(store.size()).isEqualTo(3);
            store.finish();
        }
        assertThat(folder).doesNotExist();
    }

    @Test
    void manyRowsShareAFile() throws IOException {
        try (WorkStore store = open()) {
            for (int i = 0; i < 5000; i++) {
                store.put("key " + i, new float[512]); // 10 MB
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.filter(f -> f.getFileName().toString().startsWith("rows-")).count())
                    .isBetween(2L, 10L);
        }
    }

    @Test
    void aStoreWithoutContentsLeavesNoFolder() {
        open().close();
        assertThat(folder).doesNotExist();
    }

    @Test
    void oneRunUsesAFolder() {
        try (WorkStore first = open();
                WorkStore second = open()) {
            assertThat(first.keeps()).isTrue();
            assertThat(second.keeps()).isFalse();
            second.put("a", new float[1]);
            second.finish();
            assertThat(folder).exists();
            assertThat(first.size()).isZero();
        }
    }

    @Test
    void aFileInThePlaceOfTheFolderKeepsNothing() throws IOException {
        Files.writeString(folder, "text");
        try (WorkStore store = open()) {
            assertThat(store.keeps()).isFalse();
        }
        assertThat(folder).hasContent("text");
    }

    /** Adds rows until it is killed. */
    public static final class Endless {
        private Endless() {}

        public static void main(String[] args) throws InterruptedException {
            WorkStore store = WorkStore.in(Path.of(args[0]));
            for (int i = 0; ; i++) {
                store.put("key " + i, new float[] {i, i});
                Thread.sleep(1);
            }
        }
    }

    @Test
    void aKilledProcessLosesAtMostTheLastRows() throws Exception {
        int before = 0;
        for (int round = 0; round < 3; round++) {
            Process process = OtherJvm.command(Endless.class, List.of(), folder).start();
            Path first = folder.resolve("rows-0000000" + (round + 1));
            while (process.isAlive() && !Files.exists(first)) {
                Thread.sleep(5);
            }
            process.destroyForcibly(); // as kill -9 does
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            try (WorkStore store = open()) {
                assertThat(store.size()).isGreaterThanOrEqualTo(Math.max(1, before));
                before = store.size();
                for (int i = 0; i < before; i++) {
                    assertThat(store.get("key " + i)).containsExactly(i, i);
                }
            }
        }
    }
}
