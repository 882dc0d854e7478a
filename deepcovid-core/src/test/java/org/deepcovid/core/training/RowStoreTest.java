package org.deepcovid.core.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepcovid.testing.Failures.assertFails;
import static org.deepcovid.testing.Failures.assertRejects;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowStoreTest {

    @TempDir Path folder;

    private static float[] row(int number) {
        return new float[] {number, -number, 0.1f * number};
    }

    /** Memory for none, two and all of ten rows of twelve bytes. */
    @ParameterizedTest
    @ValueSource(longs = {0, 24, 35, 120, 1 << 20})
    void rowsComeBackFromMemoryAndFile(long memory) throws IOException {
        try (RowStore store = RowStore.of(10, 3, memory, folder)) {
            for (int i = 0; i < 10; i++) {
                store.add(row(i));
            }
            assertThat(store.size()).isEqualTo(10);
            float[] target = new float[3];
            for (int i : new int[] {9, 0, 5, 2, 1, 5}) {
                store.read(i, target);
                assertThat(target).containsExactly(row(i));
            }
            assertThat(store.usesFile()).isEqualTo(memory < 120);
        }
        assertThat(files()).isZero();
    }

    private long files() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.count();
        }
    }

    @Test
    void tooLittleDiskIsToldBeforehand() throws IOException {
        assertFails(
                IllegalStateException.class,
                () -> RowStore.of(2_000_000_000, 1 << 28, 0, folder),
                "MiB of disk",
                "train from a later layer");
        assertThat(files()).isZero();
    }

    @Test
    void rowsOfAnotherLengthAreRefused() {
        try (RowStore store = RowStore.of(2, 4, 0, folder)) {
            assertRejects(() -> store.add(row(1)), "row of 3 numbers; expected 4");
        }
    }
}
