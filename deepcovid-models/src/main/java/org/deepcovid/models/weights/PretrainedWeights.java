package org.deepcovid.models.weights;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import org.deepcovid.core.model.WeightsOrigin;
import org.deepcovid.models.weights.LayerNaming.Layout;
import org.deepcovid.models.weights.Parameter.Role;
import org.deepcovid.models.weights.TensorFile.Declaration;
import org.deepcovid.models.weights.TensorFile.StoredTensor;
import org.deepcovid.models.weights.WeightsFile.Flavour;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * An opened weights file, matched to the layers of one network. Only {@link #fill} reads values.
 */
public final class PretrainedWeights {

    /** More classes than any published head has (ImageNet-21k). */
    private static final long MOST_CLASSES = 30_000;

    private final String network;
    private final WeightsFile file;
    private final WeightsOrigin origin;
    private final TensorFile tensors;
    private final LayerNaming naming;

    private PretrainedWeights(
            String network,
            WeightsFile file,
            FileBytes bytes,
            Collection<String> layers,
            List<LayerNaming> namings) {
        String sha256 = bytes.sha256();
        if (!file.sha256().orElse(sha256).equals(sha256)) {
            throw new WeightsException(
                    "%s has SHA-256 %s; expected %s; fetch the file again"
                            .formatted(file.path(), sha256, file.sha256().get()));
        }
        this.network = network;
        this.file = file;
        this.tensors = TensorFile.parse(bytes);
        this.naming = LayerNaming.best(network, file.path(), layers, tensors, namings);
        boolean declaredUntrained =
                tensors.declared(Declaration.TRAINED).orElse("").equals(Boolean.toString(false));
        this.origin =
                new WeightsOrigin(
                        String.valueOf(file.path().getFileName()),
                        sha256,
                        file.trained() && !declaredUntrained,
                        file.images());
    }

    /**
     * Opens a file, verifies its checksum if one is expected, and finds the naming that it follows.
     *
     * @param network names the network in messages
     * @param layers names of the network's layers that have parameters
     * @param namings the names that files are known to use
     * @throws WeightsException if the file cannot be read, is of no known kind, has another
     *     checksum, or holds none of the layers
     */
    public static PretrainedWeights open(
            String network,
            WeightsFile file,
            Collection<String> layers,
            List<LayerNaming> namings) {
        return new PretrainedWeights(network, file, FileBytes.read(file.path()), layers, namings);
    }

    /** Opens weights that are in memory already, such as a resource's. */
    public static PretrainedWeights open(
            String network,
            WeightsFile file,
            byte[] content,
            Collection<String> layers,
            List<LayerNaming> namings) {
        return new PretrainedWeights(
                network, file, FileBytes.of(file.path(), content), layers, namings);
    }

    /** File name and checksum. */
    public WeightsOrigin origin() {
        return origin;
    }

    /** The layout of the file. */
    public Layout layout() {
        return naming.layout();
    }

    /** The naming that the file follows. */
    public LayerNaming naming() {
        return naming;
    }

    /**
     * Epsilon of batch normalisation, if this library wrote the file.
     *
     * @return empty for other files, which do not say
     * @throws WeightsException if the file declares something else than a number from 0 to below 1
     */
    public OptionalDouble declaredEpsilon() {
        Optional<String> declared = tensors.declared(Declaration.EPSILON);
        if (declared.isEmpty()) {
            return OptionalDouble.empty();
        }
        try {
            double epsilon = Double.parseDouble(declared.get());
            if (epsilon >= 0 && epsilon < 1) {
                return OptionalDouble.of(epsilon);
            }
        } catch (NumberFormatException e) {
            // the same message for both cases
        }
        throw new WeightsException(
                "%s declares epsilon '%s'; expected a small number"
                        .formatted(file.path(), declared.get()));
    }

    /** Whether a convolution or dense layer has a bias. */
    public boolean hasBias(String layer) {
        return tensors.tensors().containsKey(Parameter.key(naming, layer, Role.BIAS));
    }

    /**
     * The flavour that the caller or the file declares.
     *
     * @return empty if neither says
     * @throws WeightsException if both say and differ, or the file names one that does not exist
     */
    public Optional<Flavour> declaredFlavour() {
        Optional<Flavour> declared = tensors.declared(Declaration.FLAVOUR).map(this::flavour);
        if (declared.isPresent()
                && file.flavour().isPresent()
                && !declared.equals(file.flavour())) {
            throw new WeightsException(
                    "%s declares flavour %s, the caller %s; leave the flavour to the file"
                            .formatted(
                                    file.path(), declared.get().id(), file.flavour().get().id()));
        }
        return declared.or(file::flavour);
    }

    private Flavour flavour(String id) {
        return Flavour.ofId(id)
                .orElseThrow(
                        () ->
                                new WeightsException(
                                        "%s declares flavour '%s'; expected keras or torchvision"
                                                .formatted(file.path(), id)));
    }

    /**
     * Number of classes of a head.
     *
     * @param dense whether it is a dense layer, or else a convolution
     * @return empty if the file has no such layer
     * @throws WeightsException if the number is not from 1 to 30000
     */
    public OptionalInt classes(String layer, boolean dense) {
        Role role = dense ? Role.DENSE_KERNEL : Role.CONV_KERNEL;
        StoredTensor kernel = tensors.tensors().get(Parameter.key(naming, layer, role));
        if (kernel == null) {
            return OptionalInt.empty();
        }
        List<Long> shape = kernel.shape();
        long classes =
                shape.isEmpty() ? 0 : shape.get(layout() == Layout.KERAS ? shape.size() - 1 : 0);
        if (classes < 1 || classes > MOST_CLASSES) {
            throw new WeightsException(
                    "%s: %s has shape %s; expected 1 to %d classes"
                            .formatted(file.path(), kernel.name(), shape, MOST_CLASSES));
        }
        return OptionalInt.of((int) classes);
    }

    /**
     * Fills every parameter of a graph. Names and shapes are compared before any value is read.
     *
     * @throws WeightsException if a tensor is missing, superfluous or misshapen, or a value is not
     *     finite; the message lists what is wrong. The graph's values are then undefined
     */
    public void fill(ComputationGraph graph) {
        List<Parameter> parameters = Parameter.of(graph);
        WeightsMismatch mismatch = new WeightsMismatch(parameters, naming, tensors.tensors());
        if (!mismatch.isEmpty()) {
            throw new WeightsException(
                    ("%s (%s) does not fit %s with the names of %s: %s. Give a weights file of %s,"
                                    + " or load this one with the network it belongs to")
                            .formatted(
                                    file.path(),
                                    tensors.kind(),
                                    network,
                                    naming.description(),
                                    mismatch.text(),
                                    network));
        }
        Map<String, Parameter> byKey = new HashMap<>();
        parameters.forEach(parameter -> byKey.put(parameter.key(naming), parameter));
        tensors.read(
                byKey.keySet(),
                (key, values) -> {
                    if (Thread.currentThread().isInterrupted()) {
                        throw new CancellationException(
                                "interrupted while %s was read".formatted(file.path()));
                    }
                    requireFinite(tensors.tensors().get(key).name(), values);
                    byKey.get(key).assign(values, naming.layout());
                });
    }

    private void requireFinite(String tensor, float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new WeightsException(
                        "%s: value %d of %s is %s; expected finite numbers; fetch the file again"
                                .formatted(file.path(), i, tensor, values[i]));
            }
        }
    }
}
