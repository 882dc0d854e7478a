package org.deepcovid.models.weights;

import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.deepcovid.models.weights.LayerNaming.Layout;
import org.deepcovid.models.weights.TensorFile.Declaration;
import org.deepcovid.models.weights.TensorFile.StoredTensor;

/** An HDF5 file written by any version of Keras. */
final class KerasHdf5 implements TensorFile {

    private static final String KERAS_3 = "Keras 3 weights";

    private final Hdf5 hdf;
    private final String kind;
    private final Map<String, Dataset> datasets;
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();

    private KerasHdf5(Hdf5 hdf, String kind, Map<String, Dataset> datasets) {
        this.hdf = hdf;
        this.kind = kind;
        this.datasets = datasets;
        datasets.forEach(
                (key, dataset) ->
                        tensors.put(
                                key,
                                new StoredTensor(
                                        dataset.getPath().substring(1), hdf.shape(dataset))));
    }

    static KerasHdf5 parse(String file, byte[] content) {
        Hdf5 hdf = new Hdf5(file, content);
        Optional<Group> model = hdf.group(hdf.root(), "model_weights");
        if (model.isPresent()) {
            return new KerasHdf5(
                    hdf, "Keras model in HDF5", new LegacyTensors(hdf).list(model.get()));
        }
        if (LegacyTensors.recognises(hdf, hdf.root())) {
            return new KerasHdf5(
                    hdf, "Keras weights in HDF5", new LegacyTensors(hdf).list(hdf.root()));
        }
        return keras3(hdf, Map.of());
    }

    /**
     * Reads the layout of Keras 3.
     *
     * @param layerNames layer names by group name; may be empty
     */
    static KerasHdf5 keras3(Hdf5 hdf, Map<String, String> layerNames) {
        Group layers =
                hdf.group(hdf.root(), "layers")
                        .orElseThrow(
                                () ->
                                        new WeightsException(
                                                ("%s is HDF5, but not weights as Keras writes them:"
                                                     + " its top level holds %s; expected a"
                                                     + " layer_names attribute, or a group"
                                                     + " model_weights or layers")
                                                        .formatted(
                                                                hdf.file(),
                                                                hdf.children(hdf.root()))));
        return new KerasHdf5(hdf, KERAS_3, keras3Datasets(hdf, layerNames, layers));
    }

    /**
     * The layout of Keras 3: {@code layers/GROUP/vars/0}, {@code /1} and so on. Keras names the
     * groups after the layers' classes and numbers them. A layer's name is taken from the model's
     * configuration, else from an attribute {@code name} of the group or its {@code vars}, else it
     * is the group's name.
     */
    private static Map<String, Dataset> keras3Datasets(
            Hdf5 hdf, Map<String, String> layerNames, Group layers) {
        Map<String, Dataset> datasets = new LinkedHashMap<>();
        for (String name : hdf.children(layers)) {
            Optional<Group> group = hdf.group(layers, name);
            Optional<Group> vars = group.flatMap(found -> hdf.group(found, "vars"));
            if (vars.isPresent()) {
                String layer =
                        Optional.ofNullable(layerNames.get(name))
                                .or(() -> nameAttribute(hdf, vars.get()))
                                .or(() -> nameAttribute(hdf, group.get()))
                                .orElse(name);
                addLayer(hdf, layer, vars.get(), datasets);
            }
        }
        return datasets;
    }

    private static Optional<String> nameAttribute(Hdf5 hdf, Group group) {
        return hdf.strings(group, "name")
                .filter(names -> names.size() == 1)
                .map(names -> names.get(0));
    }

    private static void addLayer(Hdf5 hdf, String layer, Group vars, Map<String, Dataset> into) {
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

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public String advice() {
        return kind.equals(KERAS_3)
                ? ". Where Keras 3 names groups after the layers' classes (conv2d_1), save the"
                        + " whole model as .keras, which records the layers' names"
                : "";
    }

    @Override
    public Layout layout() {
        return Layout.KERAS;
    }

    @Override
    public Optional<String> declared(Declaration what) {
        return hdf.strings(hdf.root(), what.attribute()).map(words -> String.join(" ", words));
    }

    @Override
    public Map<String, StoredTensor> tensors() {
        return tensors;
    }

    @Override
    public void read(Collection<String> keys, BiConsumer<String, float[]> sink) {
        keys.forEach(key -> sink.accept(key, hdf.floats(datasets.get(key))));
    }
}
