package org.deepcovid.examples;

import org.deepcovid.cli.Console;
import org.deepcovid.cli.FineTuneCommand;
import org.deepcovid.models.Backbones;

/**
 * Fine-tunes SqueezeNet v1.1 on a folder of radiographs and prints what it reaches on the test
 * part.
 */
public final class FineTuneSqueezeNet {

    private FineTuneSqueezeNet() {}

    /**
     * Runs the example; {@code --help} lists the arguments.
     *
     * @param args data folder, Keras weights file, classifier file to write
     */
    public static void main(String[] args) {
        Console.run(
                new FineTuneCommand("SqueezeNet v1.1", file -> Backbones.load("squeezenet", file)),
                args);
    }
}
