package org.deepcovid.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.io.WorkStore;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.explain.HeatmapMethod;
import org.deepcovid.eval.metrics.ThresholdRule;
import org.deepcovid.eval.report.Evaluation;
import org.deepcovid.eval.report.OverlaySupplier;
import org.deepcovid.eval.report.Report;
import org.deepcovid.eval.report.ReportWriter;
import picocli.CommandLine.Option;

/** The option that asks for a report. */
final class Reporting {

    @Option(
            names = "--report",
            paramLabel = "FOLDER",
            description = "write a report with figures and heatmaps into this folder")
    private Path folder;

    /** A writer into the folder; checks it now rather than after long work. */
    Optional<ReportWriter> writer(boolean overwrite) {
        return Optional.ofNullable(folder)
                .map(wanted -> ReportWriter.into(wanted, Subcommand.ifExists(overwrite)));
    }

    /**
     * Finds out before long work what would fail after it.
     *
     * @param work whose own unfinished report may be replaced
     */
    void check(boolean overwrite, WorkStore work) {
        if (folder != null && !work.wrote(folder)) {
            ReportWriter.into(folder, Subcommand.ifExists(overwrite));
        }
    }

    void write(
            Subcommand command,
            boolean overwrite,
            WorkStore work,
            String dataset,
            DatasetSplit split,
            CovidClassifier classifier,
            Evaluation evaluation) {
        if (folder == null) {
            return;
        }
        String network = classifier.spec().architecture();
        try (ExplainedModel model = ExplainedModel.of(classifier)) {
            Report study =
                    Report.of(network + " on chest radiographs", dataset, split)
                            .with(
                                    network,
                                    evaluation,
                                    OverlaySupplier.heatmaps(model, HeatmapMethod.cam()));
            if (overwrite) {
                ReportWriter.into(folder, IfExists.REPLACE).write(study);
            } else {
                work.write(folder, draft -> ReportWriter.into(draft, IfExists.FAIL).write(study));
            }
            command.print("report: %s", folder.resolve(ReportWriter.HTML));
        }
    }

    static ThresholdRule rule(Subcommand command, double sensitivity) {
        if (!(sensitivity > 0 && sensitivity <= 1)) {
            throw command.usage(
                    "--sensitivity is %s; expected more than 0 and at most 1", sensitivity);
        }
        return ThresholdRule.sensitivityAtLeast(sensitivity);
    }
}
