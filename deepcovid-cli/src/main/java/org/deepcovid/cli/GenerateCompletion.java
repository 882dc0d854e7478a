package org.deepcovid.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** Prints a completion script. */
@Command(
        name = "generate-completion",
        header = "Prints a script that completes commands and options in a shell.",
        footer = {
            "",
            "For this shell:",
            "  source <(deepcovid generate-completion)",
            "For every shell: save the script to a file that ~/.bashrc or ~/.zshrc sources."
        })
final class GenerateCompletion extends Subcommand {

    @Override
    public Integer call() {
        out().print(AutoComplete.bash("deepcovid", commandLine().getParent()));
        out().println();
        out().flush();
        return ExitCode.OK;
    }
}
