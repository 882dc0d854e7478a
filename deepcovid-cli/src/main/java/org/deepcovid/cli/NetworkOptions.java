package org.deepcovid.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.models.Backbones;
import org.deepcovid.models.weights.WeightsFile;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The networks to fine-tune. */
final class NetworkOptions {

    @Option(
            names = "--weights",
            paramLabel = "NAME=FILE",
            description =
                    "a network and its pre-trained weights (Keras .h5 or safetensors); repeat the"
                            + " option for further networks")
    private Map<String, Path> weights = new LinkedHashMap<>();

    @Option(
            names = "--random",
            paramLabel = "NAME=FILE",
            description = "a network and random weights; the output is marked RANDOM")
    private Map<String, Path> random = new LinkedHashMap<>();

    @Mixin private final Seeds seeds = new Seeds();

    /** A network to fine-tune, and whether its weights are trained. */
    record Choice(String name, WeightsFile weights) {}

    /** The available networks. */
    record Source(Set<String> names, BiFunction<String, WeightsFile, Backbone> loader) {

        static Source standard() {
            return new Source(Backbones.names(), Backbones::load);
        }
    }

    boolean given() {
        return !weights.isEmpty() || !random.isEmpty();
    }

    /**
     * The chosen networks, trained ones first.
     *
     * @throws picocli.CommandLine.ParameterException if there are none, or a name is unknown or
     *     given twice
     */
    List<Choice> choices(Subcommand command, Source source) {
        List<Choice> choices = new ArrayList<>();
        weights.forEach((name, file) -> choices.add(new Choice(name, WeightsFile.of(file))));
        random.forEach(
                (name, file) -> choices.add(new Choice(name, WeightsFile.of(file).untrained())));
        if (choices.isEmpty()) {
            throw command.usage(
                    "no network was named; expected --weights NAME=FILE with a NAME of %s",
                    source.names());
        }
        for (Choice choice : choices) {
            if (!source.names().contains(choice.name())) {
                throw command.usage(
                        "there is no network '%s'; expected one of %s",
                        choice.name(), source.names());
            }
            if (weights.containsKey(choice.name()) && random.containsKey(choice.name())) {
                throw command.usage(
                        "network '%s' is given with trained and with random weights; expected one"
                                + " of them",
                        choice.name());
            }
        }
        seeds.get(command);
        return choices;
    }

    /** Names of the networks without weights, sorted. */
    Set<String> leftOut(Source source) {
        Set<String> names = new TreeSet<>(source.names());
        names.removeAll(weights.keySet());
        names.removeAll(random.keySet());
        return names;
    }

    Seeds seeds() {
        return seeds;
    }
}
