package org.deepcovid.models.weights;

import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The HDF5 layout of Keras 1 and 2. An attribute {@code layer_names} lists the layers; each is a
 * group whose attribute {@code weight_names} lists its datasets in their order. Keras splits a long
 * list over attributes ending in 0, 1 and so on.
 */
final class LegacyTensors {

    private static final String LAYERS = "layer_names";
    private static final String WEIGHTS = "weight_names";
    private static final Set<String> KNOWN_NAMES =
            Set.of("kernel", "bias", "gamma", "beta", "moving_mean", "moving_variance");
    private static final List<Set<String>> NAMES_BY_POSITION =
            List.of(
                    Set.of("kernel", "gamma"),
                    Set.of("bias", "beta"),
                    Set.of("moving_mean"),
                    Set.of("moving_variance"));

    private final Hdf5 hdf;

    LegacyTensors(Hdf5 hdf) {
        this.hdf = hdf;
    }

    static boolean recognises(Hdf5 hdf, Group group) {
        return hdf.strings(group, LAYERS).isPresent()
                || hdf.strings(group, LAYERS + "0").isPresent();
    }

    /** Datasets by key, in the order of the lists. */
    Map<String, Dataset> list(Group root) {
        Map<String, Dataset> datasets = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        for (String layer : names(root, LAYERS)) {
            if (!seen.add(layer)) {
                throw new WeightsException(
                        "%s lists layer %s twice; expected unique names"
                                .formatted(hdf.file(), layer));
            }
            addLayer(root, layer, datasets);
        }
        return datasets;
    }

    private void addLayer(Group root, String layer, Map<String, Dataset> into) {
        Group group = hdf.group(root, layer).orElseThrow(() -> absent("group " + layer, LAYERS));
        List<String> weights = names(group, WEIGHTS);
        if (new HashSet<>(weights).size() < weights.size()) {
            throw new WeightsException(
                    "%s: layer %s lists a weight twice: %s".formatted(hdf.file(), layer, weights));
        }
        for (int position = 0; position < weights.size(); position++) {
            String weight = weights.get(position);
            requireRole(layer, weight, position);
            into.put(
                    Parameter.kerasKey(layer, position),
                    hdf.dataset(group, weight)
                            .orElseThrow(() -> absent(layer + ": dataset " + weight, WEIGHTS)));
        }
    }

    /** Positions decide, as in Keras; a name that contradicts its position is an error. */
    private void requireRole(String layer, String weight, int position) {
        String last = weight.substring(weight.lastIndexOf('/') + 1);
        String plain = last.replaceFirst(":\\d+$", "").replaceFirst("_\\d+$", "");
        boolean fits =
                position < NAMES_BY_POSITION.size()
                        && NAMES_BY_POSITION.get(position).contains(plain);
        if (KNOWN_NAMES.contains(plain) && !fits) {
            throw new WeightsException(
                    "%s: layer %s has %s as weight number %d; expected kernel, bias or gamma, beta, moving_mean, moving_variance"
                            .formatted(hdf.file(), layer, weight, position + 1));
        }
    }

    private WeightsException absent(String what, String list) {
        return new WeightsException(
                "%s: %s is listed in %s and absent; download the file again"
                        .formatted(hdf.file(), what, list));
    }

    private List<String> names(Node node, String attribute) {
        Optional<List<String>> whole = hdf.strings(node, attribute);
        if (whole.isPresent()) {
            return whole.get();
        }
        List<String> names = new ArrayList<>();
        Optional<List<String>> part = hdf.strings(node, attribute + "0");
        for (int i = 1; part.isPresent(); i++) {
            names.addAll(part.get());
            part = hdf.strings(node, attribute + i);
        }
        return names;
    }
}
