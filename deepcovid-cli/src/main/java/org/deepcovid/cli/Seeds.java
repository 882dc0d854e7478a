package org.deepcovid.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.eval.metrics.ConfusionMatrix;
import org.deepcovid.eval.metrics.comparison.SeedSummary;
import org.deepcovid.eval.report.Evaluation;
import picocli.CommandLine.Option;

/** The option for several trainings that differ in their seed. */
final class Seeds {

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description =
                    "trainings per network, with --seed and the seeds after it, to show the"
                            + " variation between trainings; each takes as long as the first"
                            + " (default ${DEFAULT-VALUE})")
    private int seeds = 1;

    int get(Subcommand command) {
        return command.positive("--seeds", seeds);
    }

    /**
     * Trains with the seeds after the first, and prints a line for each and the spread of all.
     *
     * @param first evaluation of the training with the seed of the recipe
     * @return the other evaluations; empty for one seed
     */
    List<Evaluation> further(
            Subcommand command,
            Evaluation first,
            Function<FineTuneConfig, FineTuned> training,
            Function<FineTuned, Evaluation> evaluating) {
        FineTuneConfig config = first.provenance().config();
        List<Evaluation> others = new ArrayList<>();
        for (int further = 1; further < seeds; further++) {
            FineTuneConfig seeded = config.withSeed(config.seed() + further);
            try (FineTuned run = training.apply(seeded)) {
                Evaluation evaluation = evaluating.apply(run);
                ConfusionMatrix counts = evaluation.rates().counts();
                command.print(
                        "  seed %d: area under the ROC curve %.4f, sensitivity %d/%d, specificity"
                                + " %d/%d",
                        seeded.seed(),
                        evaluation.roc().auc(),
                        counts.truePositives(),
                        counts.positives(),
                        counts.trueNegatives(),
                        counts.negatives());
                others.add(evaluation);
            }
        }
        if (!others.isEmpty()) {
            printSpread(command, first, others);
        }
        return others;
    }

    private static void printSpread(Subcommand command, Evaluation first, List<Evaluation> others) {
        double[] areas = new double[others.size() + 1];
        areas[0] = first.roc().auc();
        for (int i = 0; i < others.size(); i++) {
            areas[i + 1] = others.get(i).roc().auc();
        }
        SeedSummary spread = SeedSummary.of(areas);
        command.print(
                "  %d seeds: area under the ROC curve %.4f to %.4f, mean %.4f, standard deviation"
                        + " %.4f",
                areas.length,
                spread.lowest(),
                spread.highest(),
                spread.mean(),
                spread.standardDeviation().orElseThrow());
    }
}
