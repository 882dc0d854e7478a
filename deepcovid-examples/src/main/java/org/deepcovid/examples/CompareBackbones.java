package org.deepcovid.examples;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.eval.metrics.SensitivityAtLeast;
import org.deepcovid.eval.report.ReportWriter;
import org.deepcovid.eval.report.Study;
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

    @Option(names = "--seed", description = "seed of split and training (default ${DEFAULT-VALUE})")
    private long seed = 1;

    @Option(
            names = "--seeds",
            description = {
                "how many trainings of each network, with this seed and the following ones, to"
                        + " tell",
                "luck in training; each takes as long as the first (default ${DEFAULT-VALUE})"
            })
    private int seeds = 1;

    @Option(names = "--epochs", description = "passes over the data (default ${DEFAULT-VALUE})")
    private int epochs = 100;

    @Option(
            names = "--report",
            paramLabel = "FOLDER",
            description = "also write a report with figures into this folder")
    private Path report;

    @Option(
            names = "--sensitivity",
            description = {
                "share of COVID images that the threshold shall find among the images it is chosen",
                "on; the nearer to 1, the fewer images decide (default ${DEFAULT-VALUE})"
            })
    private double sensitivity = 0.95;

    @Option(names = "--replace", description = "replace the report if it exists")
    private boolean replace;

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
        SensitivityAtLeast rule = new SensitivityAtLeast(sensitivity);
        Optional<ReportWriter> writer =
                Optional.ofNullable(report)
                        .map(
                                folder ->
                                        ReportWriter.into(
                                                folder,
                                                replace ? IfExists.REPLACE : IfExists.FAIL));
        System.out.println(DeepCovidRuntime.initialise().summary());
        DatasetSplit split = PatientSplitter.seeded(seed).split(XrayDataset.read(data));
        FineTuneConfig config = FineTuneConfig.defaults().withSeed(seed).withEpochs(epochs);
        Study study = Study.of("Networks compared on COVID-19", data.toString(), split);
        new NetworkRuns(catalogue, split, config, rule, seeds)
                .run(study, choices, grown -> writer.ifPresent(target -> target.write(grown)));
        writer.ifPresent(
                target -> System.out.printf("%nreport: %s%n", report.resolve(ReportWriter.HTML)));
        return 0;
    }
}
