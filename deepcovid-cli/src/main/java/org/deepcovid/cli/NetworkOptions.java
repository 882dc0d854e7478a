package org.deepcovid.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepcovid.models.weights.WeightsFile;
import picocli.CommandLine.Option;

/** Options that name several networks and their weights. */
final class NetworkOptions {

    @Option(
            names = "--weights",
            paramLabel = "NAME=FILE",
            description = {
                "a network and its ImageNet weights (Keras .h5 or safetensors);",
                "may be given for several networks"
            })
    private Map<String, Path> weights = new LinkedHashMap<>();

    @Option(
            names = "--random",
            paramLabel = "NAME=FILE",
            description = "the same for weights that were never trained; the output says so")
    private Map<String, Path> random = new LinkedHashMap<>();

    @Option(
            names = "--seeds",
            description = {
                "how many trainings of each network, with this seed and the following ones, to"
                        + " tell",
                "luck in training; each takes as long as the first (default ${DEFAULT-VALUE})"
            })
    private int seeds = 1;

    /**
     * One network that is wanted.
     *
     * @param name as the catalogue knows it
     * @param weights file, and whether it was trained
     */
    record Choice(String name, WeightsFile weights) {}

    /**
     * Those that are wanted, trained ones first.
     *
     * @throws IllegalArgumentException if there are none, or a name is unknown or given twice
     */
    List<Choice> choices(NetworkCatalogue catalogue) {
        List<Choice> choices = new ArrayList<>();
        weights.forEach((name, file) -> choices.add(new Choice(name, WeightsFile.of(file))));
        random.forEach(
                (name, file) -> choices.add(new Choice(name, WeightsFile.of(file).untrained())));
        if (choices.isEmpty()) {
            throw new IllegalArgumentException(
                    "no network was named; expected --weights NAME=FILE with a NAME of "
                            + catalogue.names());
        }
        for (Choice choice : choices) {
            if (!catalogue.names().contains(choice.name())) {
                throw new IllegalArgumentException(
                        "there is no network '%s'; expected one of %s"
                                .formatted(choice.name(), catalogue.names()));
            }
            if (weights.containsKey(choice.name()) && random.containsKey(choice.name())) {
                throw new IllegalArgumentException(
                        ("network '%s' is given with trained and with random weights;"
                                        + " expected one of them")
                                .formatted(choice.name()));
            }
        }
        return choices;
    }

    /** How often each is trained. */
    int seeds() {
        return seeds;
    }
}
