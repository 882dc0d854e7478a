package org.deepcovid.cli;

import picocli.CommandLine.Option;

/** The option for the length of the training. */
final class Epochs {

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "passes over the data; the best is kept (default ${DEFAULT-VALUE})")
    private int epochs = 100;

    int get(Subcommand command) {
        return command.positive("--epochs", epochs);
    }
}
