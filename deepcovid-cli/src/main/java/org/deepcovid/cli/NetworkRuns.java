package org.deepcovid.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.io.WorkStore;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.core.training.RunOptions;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.explain.HeatmapMethod;
import org.deepcovid.eval.metrics.ThresholdRule;
import org.deepcovid.eval.report.Evaluation;
import org.deepcovid.eval.report.OverlaySupplier;
import org.deepcovid.eval.report.Report;

/** Fine-tunes and evaluates networks on one split, one at a time. */
final class NetworkRuns {

    private final ResumableSubcommand command;
    private final DatasetSplit split;
    private final FineTuneConfig config;
    private final ThresholdRule rule;
    private final Splitting splitting;
    private final Auditing auditing;
    private boolean audited;

    NetworkRuns(
            ResumableSubcommand command,
            DatasetSplit split,
            FineTuneConfig config,
            ThresholdRule rule,
            Splitting splitting,
            Auditing auditing) {
        this.command = command;
        this.split = split;
        this.config = config;
        this.rule = rule;
        this.splitting = splitting;
        this.auditing = auditing;
    }

    /**
     * Adds every network to a report; an interrupted run continues.
     *
     * @param about determines the folder of the stored parts
     * @param afterEach receives the report after each network
     */
    Report run(Path about, Report start, NetworkOptions networks, Consumer<Report> afterEach) {
        List<NetworkOptions.Choice> choices = networks.choices(command, command.networks());
        return command.fineTuning(
                about,
                work -> {
                    Report report =
                            start.withPending(
                                    choices.stream().map(NetworkOptions.Choice::name).toList());
                    for (NetworkOptions.Choice choice : choices) {
                        report = with(report, choice, networks.seeds(), work);
                        afterEach.accept(report);
                    }
                    return report;
                });
    }

    private Report with(Report report, NetworkOptions.Choice choice, Seeds seeds, WorkStore work) {
        try (ConsoleProgress progress = command.progress()) {
            RunOptions options =
                    splitting.applyTo(RunOptions.defaults().withListener(progress).withWork(work));
            return with(report, choice, seeds, options);
        }
    }

    private Report with(
            Report report, NetworkOptions.Choice choice, Seeds seeds, RunOptions options) {
        Evaluation first;
        Report grown;
        try (FineTuned run = fineTune(choice, config, options);
                ExplainedModel model = ExplainedModel.of(run.classifier())) {
            first = audited(choice, run, options);
            command.print("%n%s%n%s", choice.name(), first.toText().stripTrailing());
            grown =
                    report.with(
                            choice.name(),
                            first,
                            OverlaySupplier.heatmaps(model, HeatmapMethod.cam()));
        }
        List<Evaluation> others =
                seeds.further(
                        command,
                        first,
                        seeded -> fineTune(choice, seeded, options),
                        this::evaluate);
        return others.isEmpty() ? grown : grown.withSeeds(choice.name(), others);
    }

    /** The audit with the first network's features counts for all. */
    private Evaluation audited(NetworkOptions.Choice choice, FineTuned run, RunOptions options) {
        Evaluation tested = evaluate(run);
        if (audited) {
            return tested;
        }
        audited = true;
        return auditing.fitted(
                        command, run.classifier(), split.fitting(), () -> load(choice), options)
                .map(tested::withShortcuts)
                .orElse(tested);
    }

    private Backbone load(NetworkOptions.Choice choice) {
        return command.networks().loader().apply(choice.name(), choice.weights());
    }

    private Evaluation evaluate(FineTuned run) {
        return Evaluation.of(run, rule, split.test());
    }

    private FineTuned fineTune(
            NetworkOptions.Choice choice, FineTuneConfig seeded, RunOptions options) {
        return CovidClassifier.fineTune(load(choice), split.fitting(), seeded, options);
    }
}
