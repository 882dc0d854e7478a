package org.deepcovid.cli;

import java.util.List;
import java.util.OptionalDouble;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.LabelSets;
import picocli.CommandLine.Option;

/** The option for sets of labels. */
final class ConfidenceOption {

    @Option(
            names = "--confidence",
            paramLabel = "SHARE",
            description =
                    "also give sets of labels that hold the true one with this confidence, such as"
                            + " 0.9, on images like those fitted to")
    private Double confidence;

    /** The confidence, if it is given and the classifier can form sets. */
    OptionalDouble get(Subcommand command, CovidClassifier classifier) {
        if (confidence == null) {
            return OptionalDouble.empty();
        }
        if (!(confidence > 0 && confidence < 1)) {
            throw command.usage(
                    "--confidence is %s; expected more than 0 and less than 1, such as 0.9",
                    confidence);
        }
        LabelSets sets =
                classifier
                        .decisions()
                        .labelSets()
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "--confidence: the classifier has no out-of-fold"
                                                        + " scores of its labels; fine-tune again"
                                                        + " with this release"));
        List<String> few = sets.tooFewFor(confidence);
        if (!few.isEmpty()) {
            command.remark(
                    "too few images for a confidence of %s, so that every set holds: %s",
                    confidence, String.join(", ", few));
        }
        return OptionalDouble.of(confidence);
    }
}
