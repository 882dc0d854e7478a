package org.deepcovid.models.weights;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Finds out which generation of names a file follows: the one that finds most layers.
 *
 * @param network names the network in messages
 * @param file names the file in messages
 * @param layers the graph's names of the layers that have parameters
 * @param tensors the file's content
 */
record NamingChoice(String network, Path file, Collection<String> layers, TensorFile tensors) {

    private static final int SHOWN = 5;

    /** The best, or the first of equally good ones. */
    LayerNaming best(List<LayerNaming> namings) {
        return namings.stream()
                .filter(naming -> hits(naming) > 0)
                .max(Comparator.comparing(this::hits))
                .orElseThrow(this::noLayer);
    }

    /** Kernels and gammas share the first position in Keras and the name "weight" in PyTorch. */
    private long hits(LayerNaming naming) {
        return naming.layout() == tensors.layout()
                ? layers.stream()
                        .map(layer -> Parameter.key(naming, layer, Role.CONV_KERNEL))
                        .filter(tensors.tensors()::containsKey)
                        .count()
                : 0;
    }

    private WeightsException noLayer() {
        return new WeightsException(
                ("%s (%s) holds no layer of %s; it holds %s. Give a weights file of %s, or load"
                                + " this one with the network it belongs to%s")
                        .formatted(
                                file,
                                tensors.kind(),
                                network,
                                sample(),
                                network,
                                tensors.advice()));
    }

    private String sample() {
        List<String> names =
                tensors.tensors().values().stream().limit(SHOWN).map(StoredTensor::name).toList();
        int more = tensors.tensors().size() - names.size();
        return names.isEmpty()
                ? "no tensors"
                : String.join(", ", names) + (more > 0 ? " and " + more + " more" : "");
    }
}
