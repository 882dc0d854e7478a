package org.deepcovid.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.core.training.AugmentationPlan.EveryImage;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.eval.metrics.ThresholdRule;
import org.deepcovid.eval.report.PublishedResult;
import org.deepcovid.eval.report.Report;
import org.deepcovid.eval.report.ReportWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Repeats the experiment of Minaee et al. (2020, doi 10.1016/j.media.2020.101794) on a folder laid
 * out like COVID-Xray-5k.
 */
@Command(
        name = "reproduce",
        header = "Repeats the experiment of the Deep-COVID paper.",
        description =
                "Fine-tunes the paper's networks and writes a report with its tables and figures"
                        + " beside the published values (Minaee et al. 2020).",
        footer = {
            "",
            "Example:",
            "  deepcovid reproduce COVID-Xray-5k/ -o reproduction --weights"
                    + " squeezenet=squeezenet.h5"
        })
final class Reproduce extends ResumableSubcommand {

    @Mixin final ImageLimit imageLimit = new ImageLimit();

    /** The training recipes. */
    enum Source {
        PAPER(
                "paper",
                "Recipe: the paper's (Adam at 1e-4, batches of 20, positives augmented to five"
                        + " times their number, weighted loss)."),
        RELEASED_SCRIPT(
                "released-script",
                "Recipe: that of the PyTorch program released with the paper (gradient descent with"
                    + " momentum 0.9, 1e-4 times 0.1 after every 7 epochs, a random part of every"
                    + " image, mirrored or not, no balancing). It is not the recipe that the paper"
                    + " describes. In one published state of the program the mirroring is switched"
                    + " off.");

        private final String word;
        private final String note;

        Source(String word, String note) {
            this.word = word;
            this.note = note;
        }

        @Override
        public String toString() {
            return word; // as on the command line
        }

        FineTuneConfig config(int draws) {
            FineTuneConfig script = FineTuneConfig.releasedScript();
            return switch (this) {
                case PAPER -> FineTuneConfig.defaults();
                case RELEASED_SCRIPT ->
                        script.withAugmentationPlan(new EveryImage(draws, script.augmentation()));
            };
        }
    }

    @Parameters(
            index = "0",
            paramLabel = "DATA",
            description = "folder with train|test/{covid,non}, or a CSV manifest")
    private Path data;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FOLDER",
            description = "new or empty folder for the report")
    private Path output;

    @Mixin private final NetworkOptions networks = new NetworkOptions();
    @Mixin private final Splitting splitting = new Splitting();
    @Mixin private final Auditing auditing = new Auditing();
    @Mixin private final Epochs epochs = new Epochs();
    @Mixin private final Sensitivity sensitivity = new Sensitivity(0.98);

    @Option(
            names = "--recipe",
            paramLabel = "RECIPE",
            description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})")
    private Source recipe = Source.PAPER;

    @Option(
            names = "--draws",
            paramLabel = "N",
            description =
                    "with --recipe released-script: augmented versions per image, which the"
                            + " epochs use in turn (default ${DEFAULT-VALUE})")
    private int draws = FineTuneConfig.DEFAULT_DRAWS;

    @Override
    int run() {
        networks.choices(this, networks());
        if (recipe != Source.RELEASED_SCRIPT) {
            withoutEffect("it needs --recipe released-script", "--draws");
        }
        ThresholdRule rule = sensitivity.rule(this);
        FineTuneConfig config =
                recipe.config(positive("--draws", draws))
                        .withSeed(seed())
                        .withEpochs(epochs.get(this));
        ReportWriter.into(output, ifExists(output));
        detail("%s", DeepCovidRuntime.initialise().summary());
        DatasetSplit split = splitting.read(this, data);
        Report report =
                Report.of("Deep-COVID, repeated", data.toString(), split)
                        .withPublished(PublishedResult.deepCovid());
        for (String note : notes()) {
            remark("%s", note);
            report = report.withNote(note);
        }
        report =
                new NetworkRuns(this, split, config, rule, splitting, auditing)
                        .run(
                                output,
                                report,
                                networks,
                                grown -> Reporting.write(this, output, false, grown));
        print("%n%s%n%s", report.comparison(), NOTICE);
        return ExitCode.OK;
    }

    private List<String> notes() {
        Set<String> leftOut = networks.leftOut(networks());
        return leftOut.isEmpty()
                ? List.of(recipe.note)
                : List.of(
                        recipe.note,
                        "Left out, since no weights were named: %s."
                                .formatted(String.join(", ", leftOut)));
    }
}
