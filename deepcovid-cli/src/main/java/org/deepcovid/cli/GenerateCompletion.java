package org.deepcovid.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** Teaches shells the commands and options. */
@Command(
        name = "generate-completion",
        header = "Prints a script that completes commands and options in a shell.",
        footer = {
            "",
            "For this shell:",
            "  source <(deepcovid generate-completion)",
            "For all to come: put the script into a file that ~/.bashrc or ~/.zshrc sources."
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
