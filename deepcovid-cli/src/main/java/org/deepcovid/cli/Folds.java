package org.deepcovid.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.FittingData;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.PatientFolds;
import org.deepcovid.eval.metrics.ThresholdRule;
import org.deepcovid.eval.report.CrossValidation;
import org.deepcovid.eval.report.Evaluation;
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
     * @throws IllegalArgumentException if a label has too few patients
     */
    List<List<LabelledImage>> of(Subcommand command, DatasetSplit split) {
        if (folds == null) {
            return List.of();
        }
        List<List<LabelledImage>> parts =
                PatientFolds.of(split.labels(), pool(split), folds, command.seed());
        if (parts.size() < folds) {
            throw new IllegalArgumentException(
                    ("--folds is %d, and a label has fewer patients outside the test part; expected"
                                    + " at most the number of patients of the rarest label")
                            .formatted(folds));
        }
        return parts;
    }

    private static List<LabelledImage> pool(DatasetSplit split) {
        return Stream.of(split.training(), split.validation()).flatMap(List::stream).toList();
    }

    /**
     * Trains without each fold and evaluates on it; prints a line for each and the pooled result.
     */
    static Optional<CrossValidation> run(
            Subcommand command,
            List<List<LabelledImage>> parts,
            Function<List<LabelledImage>, FittingData> splitting,
            Function<FittingData, FineTuned> training,
            ThresholdRule rule) {
        if (parts.isEmpty()) {
            return Optional.empty();
        }
        List<Evaluation> evaluations = new ArrayList<>();
        for (int fold = 0; fold < parts.size(); fold++) {
            List<List<LabelledImage>> others = new ArrayList<>(parts);
            List<LabelledImage> tested = others.remove(fold);
            List<LabelledImage> rest = others.stream().flatMap(List::stream).toList();
            try (FineTuned run = training.apply(splitting.apply(rest))) {
                evaluations.add(Evaluation.of(run, rule, tested));
            }
            command.remark("tested on fold %d of %d", fold + 1, parts.size());
        }
        CrossValidation result = new CrossValidation(evaluations);
        command.print("%n%s", result.toText().stripTrailing());
        return Optional.of(result);
    }
}
