package org.deepcovid.cli;

import org.deepcovid.core.image.ImageDecoder;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The largest image, for commands that decode images. */
final class ImageLimit {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--max-megapixels",
            paramLabel = "N",
            description = "largest image by its header, 1 to 700 megapixels (default 100)")
    void set(int megapixels) {
        if (megapixels < 1 || megapixels > ImageDecoder.MOST_MEGAPIXELS) {
            throw new ParameterException(
                    command.commandLine(),
                    "--max-megapixels is %d; expected 1 to %d"
                            .formatted(megapixels, ImageDecoder.MOST_MEGAPIXELS));
        }
        System.setProperty(ImageDecoder.MAX_MEGAPIXELS, Integer.toString(megapixels));
    }
}
