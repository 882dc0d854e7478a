package org.deepcovid.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.eval.explain.Cam;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.metrics.ConfusionMatrix;
import org.deepcovid.eval.metrics.ThresholdRule;
import org.deepcovid.eval.report.Evaluation;
import org.deepcovid.eval.report.OverlaySupplier;
import org.deepcovid.eval.report.Report;

/** Fine-tunes and evaluates one network after the other, closing each before the next. */
final class NetworkRuns {

    private final NetworkCatalogue catalogue;
    private final DatasetSplit split;
    private final FineTuneConfig config;
    private final ThresholdRule rule;
    private final int seeds;

    NetworkRuns(
            NetworkCatalogue catalogue,
            DatasetSplit split,
            FineTuneConfig config,
            ThresholdRule rule,
            int seeds) {
        if (seeds < 1) {
            throw new IllegalArgumentException(
                    "number of seeds is %d; expected at least 1".formatted(seeds));
        }
        this.catalogue = catalogue;
        this.split = split;
        this.config = config;
        this.rule = rule;
        this.seeds = seeds;
    }

    /**
     * Runs all.
     *
     * @param start a study without networks
     * @param afterEach is given the study as it has grown
     * @return the study with all networks
     */
    Report run(Report start, List<NetworkOptions.Choice> choices, Consumer<Report> afterEach) {
        Report study =
                start.withPending(choices.stream().map(NetworkOptions.Choice::name).toList());
        ComparisonTable table = new ComparisonTable(split.test());
        for (NetworkOptions.Choice choice : choices) {
            study = with(study, choice, table);
            study = withSeeds(study, choice);
            afterEach.accept(study);
        }
        System.out.printf("%n%s", table);
        return study;
    }

    private Report with(Report study, NetworkOptions.Choice choice, ComparisonTable table) {
        try (ConsoleProgress progress = new ConsoleProgress();
                FineTuned run = fineTune(choice, config, progress);
                ExplainedModel model = ExplainedModel.of(run.classifier())) {
            Evaluation evaluation = evaluate(run, progress);
            table.add(choice.name(), evaluation);
            System.out.print(ResultTable.of(choice.name(), evaluation, split.test()));
            return study.with(
                    choice.name(), evaluation, OverlaySupplier.heatmaps(model, new Cam()));
        }
    }

    private Report withSeeds(Report study, NetworkOptions.Choice choice) {
        List<Evaluation> others = new ArrayList<>();
        for (int further = 1; further < seeds; further++) {
            FineTuneConfig seeded = config.withSeed(config.seed() + further);
            try (ConsoleProgress progress = new ConsoleProgress();
                    FineTuned run = fineTune(choice, seeded, progress)) {
                Evaluation evaluation = evaluate(run, progress);
                ConfusionMatrix counts = evaluation.rates().counts();
                System.out.printf(
                        Locale.ROOT,
                        "  seed %d: area under the ROC curve %.4f, sensitivity %d/%d, specificity"
                                + " %d/%d%n",
                        seeded.seed(),
                        evaluation.roc().auc(),
                        counts.truePositives(),
                        counts.positives(),
                        counts.trueNegatives(),
                        counts.negatives());
                others.add(evaluation);
            }
        }
        return others.isEmpty() ? study : study.withSeeds(choice.name(), others);
    }

    private Evaluation evaluate(FineTuned run, ConsoleProgress progress) {
        Evaluation evaluation = Evaluation.of(run, rule, split.test());
        progress.endTask();
        return evaluation;
    }

    private FineTuned fineTune(
            NetworkOptions.Choice choice, FineTuneConfig seeded, ConsoleProgress progress) {
        return CovidClassifier.fineTune(
                catalogue.loader().apply(choice.name(), choice.weights()),
                split.fitting(),
                seeded,
                progress);
    }
}
