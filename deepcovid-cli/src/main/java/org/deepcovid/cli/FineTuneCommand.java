package org.deepcovid.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.eval.explain.Cam;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.metrics.ThresholdRule;
import org.deepcovid.eval.report.Evaluation;
import org.deepcovid.eval.report.OverlaySupplier;
import org.deepcovid.eval.report.Report;
import org.deepcovid.eval.report.ReportWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the fine-tuning examples share: they differ in the network alone. */
@Command(
        mixinStandardHelpOptions = true,
        description = "Fine-tunes a network on radiographs and evaluates it on the test part.")
public final class FineTuneCommand implements Callable<Integer> {

    @Parameters(
            index = "0",
            paramLabel = "DATA",
            description = "folder or CSV manifest of radiographs")
    private Path data;

    @Parameters(index = "1", paramLabel = "WEIGHTS", description = "ImageNet weights, Keras .h5")
    private Path weights;

    @Parameters(index = "2", paramLabel = "OUTPUT", description = "classifier file to write")
    private Path output;

    @Option(
            names = "--report",
            paramLabel = "FOLDER",
            description = "also write a report with figures into this folder")
    private Path report;

    @Mixin private final TrainingOptions training = new TrainingOptions(0.95);

    private final String network;
    private final Function<Path, Backbone> pretrained;

    /**
     * Makes the command of one network.
     *
     * @param network its name in messages
     * @param loader from a weights file to the network
     */
    public FineTuneCommand(String network, Function<Path, Backbone> pretrained) {
        this.network = network;
        this.pretrained = pretrained;
    }

    @Override
    public Integer call() {
        ThresholdRule rule = training.rule();
        IfExists ifExists = training.ifExists();
        CovidClassifier.checkWritable(output, ifExists); // now, not after minutes of training
        Optional<ReportWriter> writer =
                Optional.ofNullable(report).map(folder -> ReportWriter.into(folder, ifExists));
        System.out.println(DeepCovidRuntime.initialise().summary());
        DatasetSplit split = training.split(data);
        FineTuneConfig config = training.applyTo(FineTuneConfig.defaults());
        try (ConsoleProgress progress = new ConsoleProgress();
                FineTuned trained =
                        CovidClassifier.fineTune(
                                pretrained.apply(weights), split.fitting(), config, progress)) {
            Evaluation evaluation = Evaluation.of(trained, rule, split.test());
            progress.endTask();
            trained.classifier(evaluation.threshold()).save(output, ifExists);
            System.out.printf("%n%s, %s%n%s", network, data, evaluation.toText());
            System.out.printf("classifier saved to %s%n", output);
            writer.ifPresent(target -> write(target, split, trained.classifier(), evaluation));
        }
        return 0;
    }

    private void write(
            ReportWriter target,
            DatasetSplit split,
            CovidClassifier trained,
            Evaluation evaluation) {
        try (ExplainedModel model = ExplainedModel.of(trained)) {
            Report study =
                    Report.of(network + ", fine-tuned for COVID-19", data.toString(), split)
                            .with(network, evaluation, OverlaySupplier.heatmaps(model, new Cam()));
            System.out.printf("report written to %s%n", target.write(study));
        }
    }
}
