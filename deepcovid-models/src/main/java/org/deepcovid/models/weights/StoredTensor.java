package org.deepcovid.models.weights;

import java.util.List;

/**
 * A tensor of a weights file, before its values are read.
 *
 * @param key unique in the file; what a {@link LayerNaming} leads to
 * @param name what the file itself calls it, for messages
 * @param shape extents, outermost first
 */
record StoredTensor(String key, String name, List<Long> shape) {

    StoredTensor {
        shape = List.copyOf(shape);
    }
}
