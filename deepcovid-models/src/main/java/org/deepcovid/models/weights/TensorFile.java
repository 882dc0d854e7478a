package org.deepcovid.models.weights;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** An opened weights file of any kind. Problems of the file show as {@link WeightsException}. */
interface TensorFile {

    /** What kind of file it is, for messages. */
    String kind();

    Layout layout();

    /** What to do when no layer's name is known; a sentence, or nothing special. */
    default String advice() {
        return "";
    }

    /** What the file says about itself, if this library wrote it. */
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
}
