package org.deepcovid.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.core.training.EveryImage;
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
 * out like COVID-Xray-5k, and writes its tables and figures beside the published ones.
 */
@Command(
        name = "ReproducePaper",
        mixinStandardHelpOptions = true,
        description = {
            "Fine-tunes the Deep-COVID paper's networks and writes its tables and figures",
            "beside the published values."
        })
public final class ReproducePaper implements Callable<Integer> {

    /** Whose recipe is followed. */
    enum Recipe {
        PAPER("paper"),
        RELEASED_SCRIPT("released-script");

        private final String word;

        Recipe(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word; // what the command line takes
        }

        FineTuneConfig config(int draws) {
            return switch (this) {
                case PAPER -> FineTuneConfig.defaults();
                case RELEASED_SCRIPT -> {
                    FineTuneConfig script = FineTuneConfig.releasedScript();
                    yield script.withAugmentationPlan(new EveryImage(draws, script.augmentation()));
                }
            };
        }

        String note() {
            return switch (this) {
                case PAPER ->
                        "Recipe: the paper's (Adam at 1e-4, batches of 20, positives augmented to"
                                + " five times their number, weighted loss).";
                case RELEASED_SCRIPT ->
                        "Recipe: that of the PyTorch program released with the paper (gradient"
                            + " descent with momentum 0.9, 1e-4 times 0.1 after every 7 epochs, a"
                            + " random part of every image, mirrored or not, no balancing). It is"
                            + " not the recipe that the paper describes. In one published state of"
                            + " the program the mirroring is switched off.";
            };
        }
    }

    @Parameters(
            index = "0",
            paramLabel = "DATA",
            description = "folder with train|test/{covid,non}, or a CSV manifest")
    private Path data;

    @Parameters(index = "1", paramLabel = "REPORT", description = "folder to write into")
    private Path report;

    @Mixin private final NetworkOptions networks = new NetworkOptions();
    @Mixin private final TrainingOptions training = new TrainingOptions(0.98);

    @Option(names = "--recipe", description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})")
    private Recipe recipe = Recipe.PAPER;

    @Option(
            names = "--draws",
            description = {
                "random forms of each image that the released script's epochs take turns",
                "with; as many as epochs never repeat (default ${DEFAULT-VALUE})"
            })
    private int draws = FineTuneConfig.DEFAULT_DRAWS;

    private final NetworkCatalogue catalogue;

    ReproducePaper(NetworkCatalogue catalogue) {
        this.catalogue = catalogue;
    }

    /**
     * Runs the example; {@code --help} lists the arguments.
     *
     * @param args data, report folder, and a weights file for each network
     */
    public static void main(String[] args) {
        Console.run(new ReproducePaper(NetworkCatalogue.standard()), args);
    }

    @Override
    public Integer call() {
        List<NetworkOptions.Choice> choices = networks.choices(catalogue);
        ThresholdRule rule = training.rule();
        FineTuneConfig config = training.applyTo(recipe.config(draws));
        ReportWriter writer = ReportWriter.into(report, training.ifExists());
        System.out.println(DeepCovidRuntime.initialise().summary());
        System.out.println(recipe.note());
        Optional<String> leftOut = leftOut(choices);
        leftOut.ifPresent(System.out::println);
        DatasetSplit split = training.split(data);
        Report study =
                Report.of("Deep-COVID, repeated", data.toString(), split)
                        .withPublished(PublishedResult.deepCovid())
                        .withNote(recipe.note());
        study = leftOut.map(study::withNote).orElse(study);
        new NetworkRuns(catalogue, split, config, rule, networks.seeds())
                .run(
                        study,
                        choices,
                        grown -> System.out.printf("report: %s%n", writer.write(grown)));
        return 0;
    }

    /** Which of the networks that there are no weights were named for. */
    private Optional<String> leftOut(List<NetworkOptions.Choice> choices) {
        Set<String> names = new TreeSet<>(catalogue.names());
        choices.forEach(choice -> names.remove(choice.name()));
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "Left out, since no weights were named: %s."
                                .formatted(String.join(", ", names)));
    }
}
