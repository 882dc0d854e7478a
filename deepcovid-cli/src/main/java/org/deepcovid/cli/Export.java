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

/** Writes classifiers for other programs. */
@Command(
        name = "export",
        header = "Writes a saved classifier for other programs.",
        description =
                "As an ONNX model with its head; or network and head as weights for PyTorch"
                        + " (safetensors) or Keras 2 (HDF5).",
        footer = {
            "",
            "Examples:",
            "  deepcovid export my.deepcovid -o my.onnx",
            "  deepcovid export my.deepcovid -o my.onnx --input pixels",
            "  deepcovid export my.deepcovid -o my.safetensors"
        })
final class Export extends Subcommand {

    /** Kinds of files. */
    enum Format {
        ONNX,
        SAFETENSORS,
        KERAS;

        /** What the command line takes. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(index = "0", paramLabel = "CLASSIFIER", description = "file of a saved classifier")
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
                    "${COMPLETION-CANDIDATES} (default: by FILE's ending, .onnx, .safetensors or"
                            + " .h5)")
    private Format format;

    @Option(
            names = "--input",
            paramLabel = "INPUT",
            description =
                    "what the ONNX model takes: normalized values, or pixels, RGB from 0 to 255"
                            + " (default normalized)")
    private OnnxExport.Input input;

    @Option(
            names = "--overwrite",
            arity = "0",
            fallbackValue = "true",
            description = "replace the file if it exists")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        Format chosen = format == null ? byEnding() : format;
        if (input != null && chosen != Format.ONNX) {
            remark("--input is for ONNX models and has no effect on %s", output);
        }
        AtomicFile.checkWritable(output, ifExists(overwrite));
        try (CovidClassifier classifier = CovidClassifier.load(classifierFile)) {
            switch (chosen) {
                case ONNX ->
                        classifier.exportOnnx(
                                output,
                                input == null ? OnnxExport.Input.NORMALIZED : input,
                                ifExists(overwrite));
                case SAFETENSORS -> Backbones.writeSafetensors(classifier, output);
                case KERAS -> Backbones.writeKerasWeights(classifier, output);
            }
            print("%s written to %s", what(chosen), output);
            if (chosen != Format.ONNX) {
                remark(
                        "it holds network and head; threshold and normalisation are in ONNX files"
                                + " only");
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
                "the ending of %s tells no format; expected .onnx, .safetensors or .h5, or"
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
