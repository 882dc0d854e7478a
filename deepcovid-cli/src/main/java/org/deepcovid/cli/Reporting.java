package org.deepcovid.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.io.WorkStore;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.explain.HeatmapMethod;
import org.deepcovid.eval.report.Evaluation;
import org.deepcovid.eval.report.OverlaySupplier;
import org.deepcovid.eval.report.Report;
import org.deepcovid.eval.report.ReportWriter;
import picocli.CommandLine.Option;

/** The option for a report. */
final class Reporting {

    @Option(
            names = "--report",
            paramLabel = "FOLDER",
            description = "write a report with figures and heatmaps to this folder")
    private Path folder;

    /** A writer to the folder, which is checked before the long work. */
    Optional<ReportWriter> writer(OutputSubcommand command) {
        return Optional.ofNullable(folder).map(to -> ReportWriter.into(to, command.ifExists()));
    }

    /** Checks the folder before the long work; a run's own unfinished report may be replaced. */
    void check(OutputSubcommand command, WorkStore work) {
        if (folder == null || !work.wrote(folder)) {
            writer(command);
        }
    }

    void write(
            OutputSubcommand command,
            WorkStore work,
            Path dataset,
            DatasetSplit split,
            CovidClassifier classifier,
            Evaluation evaluation) {
        if (folder == null) {
            return;
        }
        String network = classifier.spec().architecture();
        try (ExplainedModel model = ExplainedModel.of(classifier)) {
            Report report =
                    Report.of(network + " on chest radiographs", dataset.toString(), split)
                            .with(
                                    network,
                                    evaluation,
                                    OverlaySupplier.heatmaps(model, HeatmapMethod.cam()));
            if (command.overwrite()) {
                ReportWriter.into(folder, IfExists.REPLACE).write(report);
            } else {
                work.write(folder, draft -> ReportWriter.into(draft, IfExists.FAIL).write(report));
            }
        }
        command.print("report: %s", folder.resolve(ReportWriter.HTML));
    }
}
