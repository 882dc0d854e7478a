package org.deepcovid.cli;

import java.nio.file.Path;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.io.OwnOutputs;
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

    boolean isRequested() {
        return folder != null;
    }

    /** Checks the folder before the long work; the command's own report may be replaced. */
    void check(OutputSubcommand command, OwnOutputs outputs) {
        if (folder != null && !outputs.contains(folder)) {
            ReportWriter.into(folder, command.ifExists());
        }
    }

    void write(
            OutputSubcommand command,
            OwnOutputs outputs,
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
            write(command, outputs, report);
        }
    }

    /** Writes the report, if requested; replaces one that this command wrote. */
    void write(OutputSubcommand command, OwnOutputs outputs, Report report) {
        if (folder == null) {
            return;
        }
        if (command.overwrite()) {
            ReportWriter.into(folder, IfExists.REPLACE).write(report);
        } else {
            outputs.write(folder, draft -> ReportWriter.into(draft, IfExists.FAIL).write(report));
        }
        command.print("report: %s", folder.resolve(ReportWriter.HTML));
    }
}
