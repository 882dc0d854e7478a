package org.deepcovid.models;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.models.weights.WeightsFile;

/** The networks by short name, for configuration files and command lines. */
public final class Backbones {

    private static final Map<String, Supplier<Network>> NETWORKS =
            Collections.unmodifiableMap(
                    new TreeMap<>(
                            Map.of(
                                    "squeezenet", SqueezeNet::new,
                                    "resnet50", ResNet50::new)));

    private Backbones() {}

    /**
     * The names that {@link #pretrained} takes.
     *
     * @return in alphabetical order
     */
    public static Set<String> names() {
        return NETWORKS.keySet();
    }

    /**
     * Loads a network by name.
     *
     * @param name one of {@link #names}
     * @param weights weights file
     * @return as the network's own {@code pretrained} method
     * @throws IllegalArgumentException if there is no network of that name
     * @throws org.deepcovid.models.weights.WeightsException if the weights cannot be used
     */
    public static Backbone pretrained(String name, Path weights) {
        return pretrained(name, WeightsFile.of(weights));
    }

    /**
     * Loads a network by name, with weights of which more is known than the path.
     *
     * @param name one of {@link #names}
     * @param weights the file
     * @return as the network's own {@code pretrained} method
     * @throws IllegalArgumentException if there is no network of that name
     * @throws org.deepcovid.models.weights.WeightsException if the weights cannot be used
     */
    public static Backbone pretrained(String name, WeightsFile weights) {
        return network(name).load(weights);
    }

    static Network network(String name) {
        Supplier<Network> network = NETWORKS.get(requireNonNull(name, "name is null"));
        if (network == null) {
            throw new IllegalArgumentException(
                    "there is no network '%s'; expected one of %s".formatted(name, names()));
        }
        return network.get();
    }
}
