package org.deepcovid.models.weights;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import io.jhdf.exceptions.HdfException;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.models.weights.LayerNaming.Layout;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Writes the HDF5 layout that Keras 2 calls weights-only. */
final class KerasWriter {

    /** Keras converts kernels on loading unless a version of 2 or later is stated. */
    private static final String KERAS_VERSION = "2.2.4";

    private KerasWriter() {}

    static void write(Path file, Backbone backbone, LayerNaming naming) throws IOException {
        Map<String, List<Parameter>> layers = new LinkedHashMap<>();
        for (Parameter parameter : Parameter.of(backbone.graph())) {
            layers.computeIfAbsent(parameter.layer(), layer -> new ArrayList<>()).add(parameter);
        }
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            List<String> names =
                    layers.keySet().stream().map(layer -> naming.fileName().apply(layer)).toList();
            hdf.putAttribute("layer_names", names.toArray(String[]::new));
            hdf.putAttribute("backend", "tensorflow");
            hdf.putAttribute("keras_version", KERAS_VERSION);
            WeightsWriter.declarations(backbone)
                    .forEach((what, value) -> hdf.putAttribute(what.attribute(), value));
            layers.forEach(
                    (layer, parameters) ->
                            writeLayer(hdf, naming.fileName().apply(layer), parameters));
        } catch (HdfException e) {
            throw new IOException("%s cannot be written: %s".formatted(file, e), e);
        }
    }

    private static void writeLayer(WritableGroup root, String name, List<Parameter> parameters) {
        parameters.sort(Comparator.comparing(parameter -> parameter.role().kerasPosition()));
        WritableGroup group = group(root, name);
        WritableGroup inner = group(group, name);
        List<String> weights = new ArrayList<>();
        for (Parameter parameter : parameters) {
            String weight = parameter.role().kerasName() + ":0";
            weights.add(name + "/" + weight);
            inner.putDataset(weight, nested(parameter.stored(Layout.KERAS)));
        }
        group.putAttribute("weight_names", weights.toArray(String[]::new));
    }

    private static WritableGroup group(WritableGroup from, String path) {
        WritableGroup group = from;
        for (String name : path.split("/")) {
            group =
                    group.getChildren().get(name) instanceof WritableGroup present
                            ? present
                            : group.putGroup(name);
        }
        return group;
    }

    /** As nested Java arrays, from which the writer takes the shape. */
    private static Object nested(INDArray array) {
        Object nested = array.dup('c').data().asFloat();
        for (int axis = array.rank() - 1; axis > 0; axis--) {
            nested = rows(nested, (int) array.size(axis));
        }
        return nested;
    }

    /** Cuts an array into arrays of a length, as one array of them. */
    private static Object rows(Object array, int length) {
        Object rows = Array.newInstance(array.getClass(), Array.getLength(array) / length);
        for (int row = 0; row < Array.getLength(rows); row++) {
            Object values = Array.newInstance(array.getClass().getComponentType(), length);
            System.arraycopy(array, row * length, values, 0, length);
            Array.set(rows, row, values);
        }
        return rows;
    }
}
