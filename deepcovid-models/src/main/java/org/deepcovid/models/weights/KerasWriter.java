package org.deepcovid.models.weights;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import io.jhdf.exceptions.HdfException;
import java.io.IOException;
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
            inner.putDataset(weight, nested(parameter.stored(Layout.KERAS).dup('c')));
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
        if (array.rank() == 1) {
            return array.toFloatVector();
        }
        if (array.rank() == 2) {
            return array.toFloatMatrix();
        }
        float[][][][] kernel = new float[(int) array.size(0)][(int) array.size(1)][][];
        for (int y = 0; y < kernel.length; y++) {
            for (int x = 0; x < kernel[y].length; x++) {
                kernel[y][x] = array.slice(y).slice(x).toFloatMatrix();
            }
        }
        return kernel;
    }
}
