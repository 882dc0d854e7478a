package org.deepcovid.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordJournalTest {

    private static final String HEADER = "numbers of a test";

    @TempDir Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("deeper/some.journal");
    }

    private static String key(int number) {
        return FileHashes.sha256(new byte[] {(byte) number});
    }

    private static byte[] value(int number) {
        byte[] value = new byte[40 + number];
        new Random(number).nextBytes(value);
        return value;
    }

    private RecordJournal open() throws IOException {
        return RecordJournal.open(file, HEADER).orElseThrow();
    }

    private void write(int records) throws IOException {
        try (RecordJournal journal = open()) {
            for (int i = 0; i < records; i++) {
                journal.put(key(i), value(i));
            }
        }
    }

    @Test
    void anotherRunFindsWhatWasPut() throws IOException {
        write(3);
        try (RecordJournal journal = open()) {
            assertThat(journal.size()).isEqualTo(3);
            assertThat(journal.find(key(1))).hasValue(value(1));
            assertThat(journal.contains(key(2))).isTrue();
            assertThat(journal.find(key(3))).isEmpty();
            journal.put(key(3), value(3));
            journal.put(key(1), value(9));
            assertThat(journal.find(key(3))).hasValue(value(3));
            assertThat(journal.find(key(1))).as("the first value stays").hasValue(value(1));
        }
        try (RecordJournal journal = open()) {
            assertThat(journal.size()).isEqualTo(4);
            assertThat(journal.hasReplacedOther()).isFalse();
        }
    }

    @Test
    void aFileCutAnywhereGivesItsWholeRecordsAndTakesFurtherOnes() throws IOException {
        write(3);
        byte[] whole = Files.readAllBytes(file);
        int header = HEADER.length() + 1;
        int first = header + 4 + 32 + 40 + 4;
        int second = first + 4 + 32 + 41 + 4;
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            int expected = length < first ? 0 : length < second ? 1 : 2;
            try (RecordJournal journal = open()) {
                assertThat(journal.size()).as("of %d bytes", length).isEqualTo(expected);
                journal.put(key(7), value(7));
            }
            try (RecordJournal journal = open()) {
                assertThat(journal.size()).isEqualTo(expected + 1);
                assertThat(journal.find(key(7))).hasValue(value(7));
            }
        }
    }

    @Test
    void aFlippedBitEndsTheFileThere() throws IOException {
        write(3);
        byte[] whole = Files.readAllBytes(file);
        int second = HEADER.length() + 1 + 4 + 32 + 40 + 4;
        for (int at = second; at < second + 4 + 32 + 41 + 4; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x40;
            Files.write(file, damaged);
            try (RecordJournal journal = open()) {
                assertThat(journal.size()).as("byte %d flipped", at).isEqualTo(1);
                assertThat(journal.find(key(0))).hasValue(value(0));
            }
        }
    }

    @Test
    void resultsOfSomethingElseAreDropped() throws IOException {
        write(2);
        try (RecordJournal other = RecordJournal.open(file, "other numbers").orElseThrow()) {
            assertThat(other.size()).isZero();
            assertThat(other.hasReplacedOther()).isTrue();
        }
        try (RecordJournal journal = open()) {
            assertThat(journal.size()).isZero();
        }
    }

    @Test
    void oneRunAtATime() throws IOException {
        try (RecordJournal journal = open()) {
            assertThat(RecordJournal.open(file, HEADER)).isEmpty();
            journal.put(key(1), value(1));
        }
        try (RecordJournal journal = open()) {
            assertThat(journal.size()).isEqualTo(1);
        }
    }

    @Test
    void finishingDeletesAndAClosedJournalKnowsNothing() throws IOException {
        RecordJournal journal = open();
        journal.put(key(1), value(1));
        journal.finish();
        assertThat(file).doesNotExist();
        journal.put(key(2), value(2));
        assertThat(journal.find(key(1))).isEmpty();
        assertThat(journal.contains(key(1))).isFalse();
        assertThat(file).doesNotExist();
    }

    /** Records of 64 MB, four times the heap that the index may take. */
    @Test
    void recordsAreNotHeldInMemory() throws IOException {
        byte[] value = new byte[1 << 20];
        try (RecordJournal journal = open()) {
            for (int i = 0; i < 64; i++) {
                journal.put(key(i), value);
            }
        }
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            assertThat(bytes.length()).isGreaterThan(64L << 20);
        }
        System.gc();
        long before = used();
        try (RecordJournal journal = open()) {
            System.gc();
            assertThat(journal.size()).isEqualTo(64);
            assertThat(used() - before).isLessThan(16L << 20);
        }
    }

    private static long used() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void keysAreChecksums() throws IOException {
        try (RecordJournal journal = open()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> journal.put("ab", value(1)))
                    .withMessageContaining("key is 'ab'; expected the 64 digits");
        }
    }
}
