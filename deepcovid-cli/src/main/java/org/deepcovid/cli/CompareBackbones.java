package org.deepcovid.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.eval.metrics.ThresholdRule;
import org.deepcovid.eval.report.Report;
import org.deepcovid.eval.report.ReportWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fine-tunes several networks on one split of one dataset and prints a table of each. */
@Command(
        name = "CompareBackbones",
        mixinStandardHelpOptions = true,
        description = "Fine-tunes several networks on the same radiographs and compares them.")
public final class CompareBackbones implements Callable<Integer> {

    @Parameters(
            index = "0",
            paramLabel = "DATA",
            description = "folder or CSV manifest of radiographs")
    private Path data;

    @Mixin private final NetworkOptions networks = new NetworkOptions();
    @Mixin private final TrainingOptions training = new TrainingOptions(0.95);

    @Option(
            names = "--report",
            paramLabel = "FOLDER",
            description = "also write a report with figures into this folder")
    private Path report;

    private final NetworkCatalogue catalogue;

    CompareBackbones(NetworkCatalogue catalogue) {
        this.catalogue = catalogue;
    }

    /**
     * Runs the example; {@code --help} lists the arguments.
     *
     * @param args data, and a weights file for each network
     */
    public static void main(String[] args) {
        Console.run(new CompareBackbones(NetworkCatalogue.standard()), args);
    }

    @Override
    public Integer call() {
        List<NetworkOptions.Choice> choices = networks.choices(catalogue);
        ThresholdRule rule = training.rule();
        Optional<ReportWriter> writer =
                Optional.ofNullable(report)
                        .map(folder -> ReportWriter.into(folder, training.ifExists()));
        System.out.println(DeepCovidRuntime.initialise().summary());
        DatasetSplit split = training.split(data);
        FineTuneConfig config = training.applyTo(FineTuneConfig.defaults());
        Report study = Report.of("Networks compared on COVID-19", data.toString(), split);
        new NetworkRuns(catalogue, split, config, rule, networks.seeds())
                .run(study, choices, grown -> writer.ifPresent(target -> target.write(grown)));
        writer.ifPresent(
                target -> System.out.printf("%nreport: %s%n", report.resolve(ReportWriter.HTML)));
        return 0;
    }
}
