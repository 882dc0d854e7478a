package org.deepcovid.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnOutputsTest {

    @TempDir Path temporary;

    private OwnOutputs open() {
        return OwnOutputs.recordedIn(temporary.resolve("unfinished/record"));
    }

    @Test
    void ownOutputsAreRecognisedUntilTheyChangeOrTheCommandEnds() throws IOException {
        Path file = temporary.resolve("a name = of two\nlines.txt");
        Path report = Files.createDirectories(temporary.resolve("report")); // empty: may be used
        assertThat(open().contains(file)).isFalse();
        open().write(file, draft -> text(draft, "result"));
        open().write(report, draft -> text(draft, "page", "page"));
        assertThat(file).hasContent("result");
        assertThat(report.resolve("page")).hasContent("page");
        assertThat(OwnOutputs.recordedIn(temporary.resolve("other")).contains(file)).isFalse();

        assertThat(open().contains(file)).isTrue();
        assertThat(open().contains(report)).isTrue();
        open().write(file, draft -> text(draft, "result, later"));
        assertThat(file).hasContent("result, later");
        text(report, "page", "edited");
        assertThat(open().contains(report)).isFalse();
        assertThat(open().contains(file)).isTrue();
        open().finish();
        assertThat(open().contains(file)).as("finished").isFalse();
        assertThat(temporary)
                .isDirectoryNotContaining(f -> f.getFileName().toString().startsWith("."))
                .isDirectoryContaining(f -> f.equals(file));
    }

    @Test
    void anOutputOfAnotherCommandIsLeftAlone() throws IOException {
        Path file = temporary.resolve("out.txt");
        text(file, "of somebody else");
        assertThatThrownBy(() -> open().write(file, draft -> text(draft, "new")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("out.txt");
        assertThat(file).hasContent("of somebody else");
        assertThat(open().contains(file)).isFalse();
    }

    @Test
    void aFailedWriterLeavesNothing() {
        Path file = temporary.resolve("out.txt");
        assertThatThrownBy(() -> open().write(file, OwnOutputsTest::fail)).hasMessage("failed");
        assertThat(temporary).isEmptyDirectory();
    }

    private static void fail(Path draft) {
        text(draft, "half");
        throw new IllegalStateException("failed");
    }

    private static void text(Path folder, String name, String text) {
        try {
            text(Files.createDirectories(folder).resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void text(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
