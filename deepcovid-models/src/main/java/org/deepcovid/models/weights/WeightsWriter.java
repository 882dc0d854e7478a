package org.deepcovid.models.weights;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deepcovid.core.io.AtomicFile;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.tensors.SafetensorsWriter;
import org.deepcovid.core.model.tensors.TensorHeader;
import org.deepcovid.models.weights.LayerNaming.Layout;
import org.deepcovid.models.weights.TensorFile.Declaration;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Writes a backbone's parameters as other programs read them. Flavour, epsilon and whether the
 * values were trained, which names and shapes do not tell, are added so that this library reads
 * back the same network.
 */
public final class WeightsWriter {

    private WeightsWriter() {}

    /**
     * Writes a file in the layout that the naming belongs to: HDF5 weights for Keras 2, or
     * safetensors.
     *
     * @param file written beside its final place first and then moved there; an existing file is
     *     replaced
     * @throws IOException if writing fails; an existing file is then unchanged
     */
    public static void write(Path file, Backbone backbone, LayerNaming naming) throws IOException {
        requireNonNull(backbone, "backbone is null");
        switch (naming.layout()) {
            case KERAS -> keras(file, backbone, naming);
            case TORCH -> safetensors(file, backbone, naming, TensorHeader.Type.F32, Map.of());
        }
    }

    /**
     * Writes safetensors of half precision.
     *
     * @param texts free text by key for the file's metadata; keys of this class take precedence
     */
    public static void writeHalfPrecision(
            Path file, Backbone backbone, LayerNaming naming, Map<String, String> texts)
            throws IOException {
        safetensors(file, backbone, naming, TensorHeader.Type.F16, texts);
    }

    static Map<Declaration, String> declarations(Backbone backbone) {
        return Map.of(
                Declaration.FLAVOUR,
                backbone.spec().flavour(),
                Declaration.EPSILON,
                Double.toString(backbone.spec().batchNormEpsilon()),
                Declaration.TRAINED,
                Boolean.toString(backbone.origin().trained()));
    }

    /** The file is read back and compared before it gets its name. */
    private static void keras(Path file, Backbone backbone, LayerNaming naming) throws IOException {
        AtomicFile.place(
                file,
                IfExists.REPLACE,
                temporary -> {
                    KerasWriter.write(temporary, backbone, naming);
                    requireEqual(temporary, backbone, naming);
                });
    }

    private static void requireEqual(Path file, Backbone backbone, LayerNaming naming)
            throws IOException {
        Map<String, INDArray> expected = new LinkedHashMap<>();
        for (Parameter parameter : Parameter.of(backbone.graph())) {
            expected.put(parameter.key(naming), parameter.stored(Layout.KERAS));
        }
        TensorFile written = TensorFile.parse(FileBytes.read(file));
        boolean[] equal = {written.tensors().keySet().equals(expected.keySet())};
        if (equal[0]) {
            written.read(
                    expected.keySet(),
                    (key, values) ->
                            equal[0] &=
                                    Arrays.equals(
                                            values, expected.get(key).dup('c').data().asFloat()));
        }
        if (!equal[0]) {
            throw new IOException(
                    file + " does not read back as it was written; write safetensors instead");
        }
    }

    private static void safetensors(
            Path file,
            Backbone backbone,
            LayerNaming naming,
            TensorHeader.Type type,
            Map<String, String> texts)
            throws IOException {
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        for (Parameter parameter : Parameter.of(backbone.graph())) {
            tensors.put(parameter.key(naming), parameter.stored(Layout.TORCH));
        }
        Map<String, String> metadata = new LinkedHashMap<>(texts);
        metadata.put("format", "pt");
        declarations(backbone).forEach((what, value) -> metadata.put(what.metadataKey(), value));
        AtomicFile.write(
                file,
                IfExists.REPLACE,
                out -> SafetensorsWriter.write(out, tensors, metadata, type));
    }
}
