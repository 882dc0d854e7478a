package org.deepcovid.cli;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.data.DatasetSplit;
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

    @Option(
            names = "--report-patients",
            arity = "0",
            fallbackValue = "true",
            description = "name the patients in the report's scores.csv (default: left out)")
    private boolean patients;

    boolean isRequested() {
        return folder != null;
    }

    /** Checks the folder before the long work. */
    void check(ResumableSubcommand command) {
        if (folder != null) {
            ReportWriter.into(folder, command.ifExists(folder));
            return;
        }
        command.withoutEffect("it needs --report", "--report-patients");
        if (command.commandLine().getCommandSpec().findOption("--output") == null) {
            command.withoutEffect("it needs --report", "--overwrite");
        }
    }

    /** Writes a report of one network, if requested. */
    void write(
            ResumableSubcommand command,
            Path dataset,
            DatasetSplit split,
            CovidClassifier classifier,
            Evaluation evaluation,
            UnaryOperator<Report> additions) {
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
            write(command, additions.apply(report));
        }
    }

    /** Writes the report, if requested. */
    void write(ResumableSubcommand command, Report report) {
        if (folder != null) {
            write(command, folder, patients, report);
        }
    }

    static void write(ResumableSubcommand command, Path folder, boolean patients, Report report) {
        command.write(
                folder,
                (draft, how) -> {
                    ReportWriter writer = ReportWriter.into(draft, how);
                    (patients ? writer.withPatients() : writer)
                            .write(command.survey().map(report::withSurvey).orElse(report));
                });
        command.print("report: %s", folder.resolve(ReportWriter.HTML));
    }
}
