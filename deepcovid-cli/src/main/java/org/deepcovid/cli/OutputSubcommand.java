package org.deepcovid.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.deepcovid.core.io.IfExists;
import picocli.CommandLine.Option;

/** A subcommand that writes files. */
abstract class OutputSubcommand extends Subcommand {

    @Option(
            names = "--overwrite",
            arity = "0",
            fallbackValue = "true",
            description = "replace output files that exist")
    private boolean overwrite;

    private final OutputClaims claims = new OutputClaims();

    @Override
    public final Integer call() throws IOException {
        try (claims) {
            int code = run();
            ended();
            return code;
        }
    }

    /** Runs the command and returns its exit code. */
    abstract int run() throws IOException;

    /** Called when the command has ended well, while its outputs are still claimed. */
    void ended() {}

    /**
     * Keeps other runs from writing an output until this command ends.
     *
     * @throws IllegalStateException if another run is writing it
     */
    final void claim(Path output) {
        try {
            if (!claims.add(output)) {
                throw new IllegalStateException(
                        "another run is writing %s; wait for it, or choose another output"
                                .formatted(output));
            }
        } catch (IOException e) {
            detail("other runs with the output %s are not noticed: %s", output, e);
        }
    }

    final IfExists ifExists() {
        return overwrite ? IfExists.REPLACE : IfExists.FAIL;
    }
}
