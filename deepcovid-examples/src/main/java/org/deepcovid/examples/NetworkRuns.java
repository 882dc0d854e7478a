package org.deepcovid.examples;

import java.util.List;
import java.util.function.Consumer;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.eval.explain.Cam;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.metrics.SensitivityAtLeast;
import org.deepcovid.eval.report.EvaluationReport;
import org.deepcovid.eval.report.Evaluator;
import org.deepcovid.eval.report.OverlaySupplier;
import org.deepcovid.eval.report.Study;

/** Fine-tunes and evaluates one network after the other, closing each before the next. */
final class NetworkRuns {

    private final NetworkCatalogue catalogue;
    private final DatasetSplit split;
    private final FineTuneConfig config;

    NetworkRuns(NetworkCatalogue catalogue, DatasetSplit split, FineTuneConfig config) {
        this.catalogue = catalogue;
        this.split = split;
        this.config = config;
    }

    /**
     * Runs all.
     *
     * @param start a study without networks
     * @param afterEach is given the study as it has grown
     * @return the study with all networks
     */
    Study run(Study start, List<NetworkOptions.Choice> choices, Consumer<Study> afterEach) {
        Study study = start.withPending(choices.stream().map(NetworkOptions.Choice::name).toList());
        ComparisonTable table = new ComparisonTable(split.test());
        for (NetworkOptions.Choice choice : choices) {
            study = with(study, choice, table);
            afterEach.accept(study);
        }
        System.out.printf("%n%s", table);
        return study;
    }

    private Study with(Study study, NetworkOptions.Choice choice, ComparisonTable table) {
        try (ConsoleProgress progress = new ConsoleProgress();
                CovidClassifier classifier = fineTune(choice, progress);
                ExplainedModel model = ExplainedModel.of(classifier)) {
            EvaluationReport evaluation =
                    Evaluator.choosing(new SensitivityAtLeast(0.98))
                            .telling(progress)
                            .evaluate(classifier, split);
            progress.close();
            table.add(choice.name(), evaluation);
            System.out.print(ResultTable.of(choice.name(), evaluation, split.test()));
            return study.with(
                    choice.name(), evaluation, OverlaySupplier.heatmaps(model, new Cam()));
        }
    }

    private CovidClassifier fineTune(NetworkOptions.Choice choice, ConsoleProgress progress) {
        return CovidClassifier.fineTune(
                catalogue.loader().apply(choice.name(), choice.weights()),
                split.fitting(),
                config,
                progress);
    }
}
