package org.deepcovid.cli;

import java.nio.file.Path;
import java.util.List;
import org.deepcovid.core.data.CovidXray5k;
import org.deepcovid.core.data.CovidXray5k.Counts;
import org.deepcovid.core.data.DatasetOptions;
import org.deepcovid.core.data.PreparedDataset;
import picocli.CommandLine.Option;

/** The recipe of the paper's dataset. */
final class CovidXray5kOptions {

    private static final String NAME = "covid-xray-5k";
    private static final CovidXray5k PAPER = CovidXray5k.seeded(0);

    @Option(
            names = "--recipe",
            paramLabel = "NAME",
            description = "select images from published datasets instead of DATA: " + NAME)
    private String recipe;

    @Option(
            names = "--covid-chestxray",
            paramLabel = "FOLDER",
            description = "covid-chestxray-dataset, for the recipe")
    private Path covidChestXray;

    @Option(names = "--chexpert", paramLabel = "FOLDER", description = "CheXpert, for the recipe")
    private Path cheXpert;

    @Option(
            names = "--covid",
            paramLabel = "N",
            split = ",",
            description =
                    "COVID-19 images for train and test in the recipe (default ${DEFAULT-VALUE})")
    private List<Integer> covid = numbers(PAPER.covid());

    @Option(
            names = "--no-finding",
            paramLabel = "N",
            split = ",",
            description =
                    "images without a finding for train and test in the recipe (default"
                            + " ${DEFAULT-VALUE})")
    private List<Integer> noFinding = numbers(PAPER.noFinding());

    @Option(
            names = "--each-other",
            paramLabel = "N",
            split = ",",
            description =
                    "images for train and test of each of the 13 other categories in the recipe"
                            + " (default ${DEFAULT-VALUE})")
    private List<Integer> eachOther = numbers(PAPER.eachOther());

    boolean chosen() {
        return recipe != null;
    }

    /** Names options that have no effect with, or without, the recipe. */
    void check(Subcommand command) {
        if (chosen()) {
            command.withoutEffect(
                    "it is for DATA, not for --recipe", "--map", "--map-column", "--patients");
        } else {
            command.withoutEffect(
                    "it needs --recipe",
                    "--covid-chestxray",
                    "--chexpert",
                    "--covid",
                    "--no-finding",
                    "--each-other");
        }
    }

    PreparedDataset prepare(Subcommand command, Path output, DatasetOptions options) {
        if (!recipe.equals(NAME)) {
            throw command.usage("--recipe is '%s'; expected %s", recipe, NAME);
        }
        if (covidChestXray == null || cheXpert == null) {
            throw command.usage("--recipe %s needs --covid-chestxray and --chexpert", NAME);
        }
        CovidXray5k numbers =
                new CovidXray5k(
                        counts(command, "--covid", covid),
                        counts(command, "--no-finding", noFinding),
                        counts(command, "--each-other", eachOther),
                        command.seed());
        Path root = output.toAbsolutePath().normalize().getParent();
        return numbers.prepare(covidChestXray, cheXpert, root, options);
    }

    private static List<Integer> numbers(Counts counts) {
        return List.of(counts.train(), counts.test());
    }

    private static Counts counts(Subcommand command, String option, List<Integer> values) {
        if (values.size() != 2 || values.stream().anyMatch(value -> value < 0)) {
            throw command.usage(
                    "%s is %s; expected two numbers, train and test, as in 84,100", option, values);
        }
        return new Counts(values.get(0), values.get(1));
    }
}
