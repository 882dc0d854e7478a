package org.deepcovid.examples;

import org.deepcovid.cli.Console;
import org.deepcovid.cli.FineTuneCommand;
import org.deepcovid.models.Backbones;

/** Fine-tunes ResNet-50 on a folder of radiographs and prints what it reaches on the test part. */
public final class FineTuneResNet50 {

    private FineTuneResNet50() {}

    /**
     * Runs the example; {@code --help} lists the arguments.
     *
     * @param args data folder, Keras weights file, classifier file to write
     */
    public static void main(String[] args) {
        Console.run(
                new FineTuneCommand("ResNet-50", file -> Backbones.load("resnet50", file)), args);
    }
}
