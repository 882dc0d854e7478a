package org.deepcovid.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.inference.OnnxExport;
import org.deepcovid.core.io.AtomicFile;
import org.deepcovid.models.Backbones;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Exports classifiers to other formats. */
@Command(
        name = "export",
        header = "Exports a saved classifier for other programs.",
        description =
                "Writes an ONNX model including the head; or the weights of network and head for"
                        + " PyTorch (safetensors) or Keras 2 (HDF5).",
        footer = {
            "",
            "Examples:",
            "  deepcovid export my.deepcovid -o my.onnx",
            "  deepcovid export my.deepcovid -o my.onnx --input pixels",
            "  deepcovid export my.deepcovid -o my.safetensors"
        })
final class Export extends OutputSubcommand {

    enum Format {
        ONNX,
        SAFETENSORS,
        KERAS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(index = "0", paramLabel = "CLASSIFIER", description = CLASSIFIER)
    private Path classifierFile;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE",
            description = "file to write")
    private Path output;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "${COMPLETION-CANDIDATES} (default: from FILE's extension, .onnx, .safetensors"
                            + " or .h5)")
    private Format format;

    @Option(
            names = "--input",
            paramLabel = "INPUT",
            description =
                    "input of the ONNX model: normalized values, or pixels, RGB from 0 to 255"
                            + " (default normalized)")
    private OnnxExport.Input input;

    @Override
    int run() throws IOException {
        Format chosen = format == null ? byEnding() : format;
        if (chosen != Format.ONNX) {
            withoutEffect("only ONNX models have a choice of inputs", "--input");
        }
        claim(output);
        AtomicFile.checkWritable(output, ifExists());
        try (CovidClassifier classifier = CovidClassifier.load(classifierFile)) {
            switch (chosen) {
                case ONNX ->
                        classifier.exportOnnx(
                                output,
                                input == null ? OnnxExport.Input.NORMALIZED : input,
                                ifExists());
                case SAFETENSORS -> Backbones.writeSafetensors(classifier, output);
                case KERAS -> Backbones.writeKerasWeights(classifier, output);
            }
            print("%s written to %s", what(chosen), output);
            if (chosen == Format.ONNX) {
                remark("it does not tell images unlike the training images: only predict does");
            } else {
                remark(
                        "it holds network and head; only ONNX files also hold threshold and"
                                + " normalisation");
            }
        }
        return ExitCode.OK;
    }

    private Format byEnding() {
        String name = output.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".onnx")) {
            return Format.ONNX;
        }
        if (name.endsWith(".safetensors")) {
            return Format.SAFETENSORS;
        }
        if (name.endsWith(".h5") || name.endsWith(".hdf5")) {
            return Format.KERAS;
        }
        throw usage(
                "the extension of %s is no known format; expected .onnx, .safetensors or .h5, or"
                        + " --format",
                output);
    }

    private static String what(Format format) {
        return switch (format) {
            case ONNX -> "ONNX model";
            case SAFETENSORS -> "weights (safetensors, torchvision's names)";
            case KERAS -> "weights (HDF5, Keras 2 layout)";
        };
    }
}
