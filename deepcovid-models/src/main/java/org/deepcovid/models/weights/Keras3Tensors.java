package org.deepcovid.models.weights;

import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The HDF5 layout of Keras 3: {@code layers/GROUP/vars/0}, {@code /1} and so on. Keras names the
 * groups after the layers' classes and numbers them, so that the file alone need not tell which
 * layer is which. Known are, in this order: the names that the caller derived from the model's
 * configuration, an attribute {@code name} on the group or its {@code vars}, and the group's own
 * name.
 */
final class Keras3Tensors {

    private static final String VARS = "vars";
    private static final String NAME = "name";

    private final Hdf5 hdf;
    private final Map<String, String> layerNames;

    Keras3Tensors(Hdf5 hdf, Map<String, String> layerNames) {
        this.hdf = hdf;
        this.layerNames = layerNames;
    }

    /** Datasets by key. */
    Map<String, Dataset> list(Group layers) {
        Map<String, Dataset> datasets = new LinkedHashMap<>();
        for (String name : hdf.children(layers)) {
            Optional<Group> group = hdf.group(layers, name);
            Optional<Group> vars = group.flatMap(found -> hdf.group(found, VARS));
            if (vars.isPresent()) {
                addLayer(layerName(name, group.get(), vars.get()), vars.get(), datasets);
            }
        }
        return datasets;
    }

    private String layerName(String groupName, Group group, Group vars) {
        String derived = layerNames.get(groupName);
        if (derived != null) {
            return derived;
        }
        return hdf.strings(vars, NAME)
                .or(() -> hdf.strings(group, NAME))
                .filter(names -> names.size() == 1)
                .map(names -> names.get(0))
                .orElse(groupName);
    }

    private void addLayer(String layer, Group vars, Map<String, Dataset> into) {
        List<String> members = hdf.children(vars);
        for (int position = 0; position < members.size(); position++) {
            String member = Integer.toString(position);
            Dataset dataset =
                    hdf.dataset(vars, member)
                            .orElseThrow(
                                    () ->
                                            new WeightsException(
                                                    "%s: layer %s has variables %s; expected 0, 1 and so on"
                                                            .formatted(
                                                                    hdf.file(), layer, members)));
            if (into.put(Parameter.kerasKey(layer, position), dataset) != null) {
                throw new WeightsException(
                        "%s holds layer %s twice; expected unique names"
                                .formatted(hdf.file(), layer));
            }
        }
    }
}
