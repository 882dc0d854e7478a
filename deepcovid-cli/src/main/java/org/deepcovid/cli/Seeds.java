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
        List<Evaluation> all = new ArrayList<>(List.of(first));
        for (int further = 1; further < seeds; further++) {
            try (FineTuned run = training.apply(config.withSeed(config.seed() + further))) {
                all.add(evaluated(command, run, evaluating));
            }
        }
        printSpread(command, all);
        return List.copyOf(all.subList(1, all.size()));
    }

    /**
     * Prints a line for each head of a mean, and their spread.
     *
     * @return evaluations of the heads
     */
    static List<Evaluation> members(
            Subcommand command, FineTuned mean, Function<FineTuned, Evaluation> evaluating) {
        List<Evaluation> all = new ArrayList<>();
        for (FineTuned member : mean.members()) {
            all.add(evaluated(command, member, evaluating));
        }
        printSpread(command, all);
        return all;
    }

    private static Evaluation evaluated(
            Subcommand command, FineTuned run, Function<FineTuned, Evaluation> evaluating) {
        Evaluation evaluation = evaluating.apply(run);
        ConfusionMatrix counts = evaluation.rates().counts();
        command.print(
                "  seed %d: area under the ROC curve %.4f, sensitivity %d/%d, specificity %d/%d",
                evaluation.provenance().config().seed(),
                evaluation.roc().auc(),
                counts.truePositives(),
                counts.positives(),
                counts.trueNegatives(),
                counts.negatives());
        return evaluation;
    }

    private static void printSpread(Subcommand command, List<Evaluation> runs) {
        if (runs.size() < 2) {
            return;
        }
        SeedSummary spread =
                SeedSummary.of(runs.stream().mapToDouble(run -> run.roc().auc()).toArray());
        command.print(
                "  %d seeds: area under the ROC curve %.4f to %.4f, mean %.4f, standard deviation"
                        + " %.4f",
                runs.size(),
                spread.lowest(),
                spread.highest(),
                spread.mean(),
                spread.standardDeviation().orElseThrow());
    }
}
