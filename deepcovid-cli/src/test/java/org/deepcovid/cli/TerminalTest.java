package org.deepcovid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs commands in an empty folder. */
abstract class TerminalTest {

    @TempDir Path folder;
    Terminal terminal;

    @BeforeEach
    void open() {
        terminal = new Terminal(folder);
    }

    /** What a command prints that must succeed. */
    AbstractStringAssert<?> output(Object... words) {
        return assertThat(terminal.succeeds(words).out());
    }

    /** The messages of a command that must end with an exit code. */
    AbstractStringAssert<?> errors(int code, Object... words) {
        return assertThat(terminal.exits(code, words).err());
    }
}
