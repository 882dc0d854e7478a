package org.deepcovid.models.weights;

import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** An HDF5 file written by Keras, whatever the version; each layout lists its tensors by itself. */
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
                                        key, dataset.getPath().substring(1), hdf.shape(dataset))));
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
     * @param layerNames what the layers are called, by the names of their groups; may be empty
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
        return new KerasHdf5(hdf, KERAS_3, new Keras3Tensors(hdf, layerNames).list(layers));
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
