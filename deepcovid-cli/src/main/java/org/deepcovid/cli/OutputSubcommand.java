package org.deepcovid.cli;

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

    final IfExists ifExists() {
        return overwrite ? IfExists.REPLACE : IfExists.FAIL;
    }
}
