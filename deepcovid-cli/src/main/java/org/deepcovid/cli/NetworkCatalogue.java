package org.deepcovid.cli;

import java.util.Set;
import java.util.function.BiFunction;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.models.Backbones;
import org.deepcovid.models.weights.WeightsFile;

/**
 * The networks that a command can be asked for.
 *
 * @param names that it knows
 * @param loader makes a network of a known name from its weights
 */
record NetworkCatalogue(Set<String> names, BiFunction<String, WeightsFile, Backbone> loader) {

    static NetworkCatalogue standard() {
        return new NetworkCatalogue(Backbones.names(), Backbones::load);
    }
}
