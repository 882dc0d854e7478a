package org.deepcovid.models.weights;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.deepcovid.models.weights.TensorFile.StoredTensor;

/** Differences between the tensors of a file and the parameters of a graph, by name and shape. */
final class WeightsMismatch {

    private static final int SHOWN = 8;

    private final List<String> missing = new ArrayList<>();
    private final List<String> superfluous = new ArrayList<>();
    private final List<String> misshapen = new ArrayList<>();

    WeightsMismatch(
            List<Parameter> parameters, LayerNaming naming, Map<String, StoredTensor> found) {
        TreeSet<String> unused = new TreeSet<>(found.keySet());
        for (Parameter parameter : parameters) {
            String key = parameter.key(naming);
            StoredTensor tensor = found.get(key);
            List<Long> shape = parameter.storedShape(naming.layout());
            unused.remove(key);
            if (tensor == null) {
                missing.add(describe(parameter, naming) + " " + shape);
            } else if (!tensor.shape().equals(shape)) {
                misshapen.add(
                        "%s is %s, expected %s".formatted(tensor.name(), tensor.shape(), shape));
            }
        }
        unused.forEach(key -> superfluous.add(found.get(key).name()));
    }

    private static String describe(Parameter parameter, LayerNaming naming) {
        String layer = naming.fileName().apply(parameter.layer());
        return switch (naming.layout()) {
            case KERAS -> layer + "/" + parameter.role().kerasName();
            case TORCH -> layer + "." + parameter.role().torchName();
        };
    }

    boolean isEmpty() {
        return missing.isEmpty() && superfluous.isEmpty() && misshapen.isEmpty();
    }

    /** One sentence, such as {@code 2 missing: a, b; 1 superfluous: c}. */
    String text() {
        List<String> parts = new ArrayList<>();
        add(parts, "missing", missing);
        add(parts, "superfluous", superfluous);
        add(parts, "misshapen", misshapen);
        return String.join("; ", parts);
    }

    private static void add(List<String> parts, String what, List<String> items) {
        if (!items.isEmpty()) {
            int more = items.size() - SHOWN;
            parts.add(
                    "%d %s: %s%s"
                            .formatted(
                                    items.size(),
                                    what,
                                    String.join(
                                            ", ", items.subList(0, Math.min(SHOWN, items.size()))),
                                    more > 0 ? " and " + more + " more" : ""));
        }
    }
}
