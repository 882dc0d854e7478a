package org.deepcovid.cli;

import java.util.List;
import java.util.stream.Stream;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.PatientFolds;
import picocli.CommandLine.Option;

/** The option for cross-validation. */
final class Folds {

    @Option(
            names = "--folds",
            paramLabel = "K",
            description =
                    "cross-validation on the images outside the test part: K further trainings,"
                            + " each tested on a fold that it was fitted without, by patient"
                            + " (default: none)")
    private Integer folds;

    void check(Subcommand command) {
        if (folds != null && folds < 2) {
            throw command.usage("--folds is %d; expected at least 2", folds);
        }
    }

    /**
     * The folds of the images outside the test part.
     *
     * @return empty without the option
     */
    List<List<LabelledImage>> of(Subcommand command, DatasetSplit split) {
        return folds == null
                ? List.of()
                : PatientFolds.exactly(
                        split.labels(),
                        Stream.of(split.training(), split.validation())
                                .flatMap(List::stream)
                                .toList(),
                        folds,
                        command.seed());
    }
}
