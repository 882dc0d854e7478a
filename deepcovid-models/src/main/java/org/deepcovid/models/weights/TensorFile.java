package org.deepcovid.models.weights;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.deepcovid.models.weights.LayerNaming.Layout;
import org.deepcovid.models.weights.WeightsFile.Flavour;

/** An opened weights file of any kind; a bad file causes a {@link WeightsException}. */
interface TensorFile {

    /** Opens a file; its first bytes, not its name, tell its kind. */
    static TensorFile parse(FileBytes bytes) {
        if (bytes.startsWith("\u0089HDF\r\n\u001a\n")) {
            return KerasHdf5.parse(bytes.path().toString(), bytes.content());
        }
        if (bytes.startsWith("PK\u0003\u0004")) {
            return KerasZip.parse(bytes);
        }
        if (bytes.content().length > 8 && bytes.content()[8] == '{') {
            return SafetensorsFile.parse(bytes);
        }
        if (bytes.startsWith("\u0080")) {
            throw new WeightsException(
                    bytes.path()
                            + " looks like a Python pickle, which can run code when read and is not"
                            + " supported; save the weights as safetensors");
        }
        throw new WeightsException(
                ("%s (%d bytes) is neither HDF5, a Keras zip nor safetensors; expected a file that"
                     + " starts with one of their signatures. Was the download a web page?")
                        .formatted(bytes.path(), bytes.content().length));
    }

    /** The kind of file, for messages. */
    String kind();

    Layout layout();

    /** Advice where no layer is recognised; a sentence, or empty. */
    default String advice() {
        return "";
    }

    /** What this library recorded when it wrote the file. */
    Optional<String> declared(Declaration what);

    /** Every tensor by its key, in the file's order. */
    Map<String, StoredTensor> tensors();

    /**
     * Reads values, in any order. May be called once.
     *
     * @param keys which tensors; each is in {@link #tensors}
     * @param sink takes key and values, as many as the shape says
     */
    void read(Collection<String> keys, BiConsumer<String, float[]> sink);

    /**
     * A tensor of a weights file, before its values are read.
     *
     * @param name what the file itself calls it, for messages
     * @param shape extents, outermost first
     */
    record StoredTensor(String name, List<Long> shape) {

        public StoredTensor {
            shape = List.copyOf(shape);
        }
    }

    /** Metadata that this library adds to its files; names and shapes do not imply it. */
    enum Declaration {
        /** Id of the {@link Flavour}. */
        FLAVOUR("flavour"),
        /** Epsilon of batch normalisation, as a decimal number. */
        EPSILON("batch_norm_epsilon"),
        /** {@code "false"} where the values were drawn at random, else {@code "true"}. */
        TRAINED("trained");

        private final String word;

        Declaration(String word) {
            this.word = word;
        }

        /** Key of safetensors metadata. */
        String metadataKey() {
            return "deepcovid." + word;
        }

        /** Name of an HDF5 root attribute. */
        String attribute() {
            return "deepcovid_" + word;
        }
    }
}
