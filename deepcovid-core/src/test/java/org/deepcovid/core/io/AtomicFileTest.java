package org.deepcovid.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

    @TempDir Path folder;

    private static AtomicFile.Content text(String text) {
        return out -> out.write(bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void failureLeavesNothingBehindAndAnOldFileAsItWas() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "old");

        assertThatThrownBy(
                        () ->
                                AtomicFile.write(
                                        file,
                                        IfExists.REPLACE,
                                        out -> {
                                            out.write(new byte[100_000]);
                                            throw new IOException("disk full");
                                        }))
                .hasMessage("disk full");

        assertThat(file).hasContent("old");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void replacesOnlyWhenTold() throws IOException {
        Path file = folder.resolve("a.txt");
        AtomicFile.write(file, IfExists.FAIL, text("one"));

        assertThatThrownBy(() -> AtomicFile.write(file, IfExists.FAIL, text("two")))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("exists; choose another name");
        assertThat(file).hasContent("one");

        AtomicFile.write(file, IfExists.REPLACE, text("two"));
        assertThat(file).hasContent("two");
    }

    @Test
    void leavesAnEqualFileOfAnInterruptedRun() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "one");
        FileTime old = FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(file, old);

        AtomicFile.writeIfDifferent(file, IfExists.FAIL, bytes("one"));
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(old);
        assertThatThrownBy(() -> AtomicFile.writeIfDifferent(file, IfExists.FAIL, bytes("two")))
                .isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void aFileWrittenByItsNameIsPlacedOnlyWhenComplete() throws IOException {
        Path file = folder.resolve("a".repeat(255));

        assertThatThrownBy(
                        () ->
                                AtomicFile.place(
                                        file,
                                        IfExists.FAIL,
                                        temporary -> {
                                            Files.writeString(temporary, "half");
                                            throw new IOException("disk full");
                                        }))
                .hasMessage("disk full");
        assertThat(folder).isEmptyDirectory();
        AtomicFile.place(file, IfExists.FAIL, temporary -> Files.writeString(temporary, "whole"));
        assertThat(file).hasContent("whole");
    }

    @Test
    void neverReplacesAFileThatAppearsMeanwhile() throws IOException {
        Path file = folder.resolve("a.txt");

        assertThatThrownBy(
                        () ->
                                AtomicFile.write(
                                        file,
                                        IfExists.FAIL,
                                        out -> Files.writeString(file, "somebody else's")))
                .isInstanceOf(FileAlreadyExistsException.class);

        assertThat(file).hasContent("somebody else's");
    }

    @Test
    void tellsWhyAPlaceCannotBeWrittenTo() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> AtomicFile.checkWritable(folder, IfExists.REPLACE))
                .hasMessageContaining("is a folder; name a file in it");
        assertThatThrownBy(
                        () -> AtomicFile.checkWritable(folder.resolve("none/a.txt"), IfExists.FAIL))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("the folder does not exist");
        assertThatThrownBy(() -> AtomicFile.checkWritable(file.resolve("a.txt"), IfExists.FAIL))
                .isInstanceOf(NotDirectoryException.class);
    }

    @Test
    void writesAFileOfTheLongestName() throws IOException {
        Path file = folder.resolve("a".repeat(255));

        AtomicFile.write(file, IfExists.FAIL, text("x"));
        assertThat(file).hasContent("x");
        Path folderOfALongName = folder.resolve("b".repeat(255));
        OwnOutputs.recordedIn(folder.resolve("record"))
                .write(folderOfALongName, draft -> folderWith(draft));
        assertThat(folderOfALongName).isDirectory();
        assertThatThrownBy(
                        () ->
                                AtomicFile.write(
                                        folder.resolve("a".repeat(256)), IfExists.FAIL, text("x")))
                .hasMessageContaining("no file can be made in " + folder)
                .hasMessageContaining("a shorter name")
                .hasMessageNotContaining(".tmp");
    }

    private static void folderWith(Path draft) {
        try {
            Files.createDirectory(draft);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aTakenTemporaryNameDoesNotBlockWriting() throws IOException {
        Path file = folder.resolve("out.csv");
        long pid = ProcessHandle.current().pid();
        long thread = Thread.currentThread().getId();
        Files.writeString(folder.resolve(".out.csv.%d.%d.tmp".formatted(pid, thread)), "left");

        AtomicFile.write(file, IfExists.FAIL, text("x"));
        assertThat(file).hasContent("x");
    }

    @Test
    void tellsThatAFileSystemIsReadOnly() {
        Path file = Path.of(URI.create("jrt:/java.base/a.txt"));

        assertThatThrownBy(() -> AtomicFile.write(file, IfExists.FAIL, text("x")))
                .isInstanceOf(IOException.class)
                .hasMessageMatching(".*(read-only file system|cannot be written to).*");
    }

    @Test
    void hashesFilesAsTheCommandLineDoes() throws IOException {
        Path file = Files.writeString(folder.resolve("abc"), "abc");

        // printf abc | sha256sum
        String expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assertThat(FileHashes.sha256(file)).isEqualTo(expected);
        assertThat(FileHashes.sha256("abc".getBytes(StandardCharsets.UTF_8))).isEqualTo(expected);
    }
}
