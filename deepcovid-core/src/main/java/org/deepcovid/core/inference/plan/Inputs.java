package org.deepcovid.core.inference.plan;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** Checks of what nodes take. */
final class Inputs {

    private Inputs() {}

    static List<String> one(String name, List<String> inputs) {
        return between(name, inputs, 1, 1);
    }

    static List<String> several(String name, List<String> inputs) {
        return between(name, inputs, 2, Short.MAX_VALUE);
    }

    private static List<String> between(String name, List<String> inputs, int least, int most) {
        requireNonNull(name, "name is null");
        List<String> copy = List.copyOf(requireNonNull(inputs, "inputs is null"));
        if (copy.size() < least || copy.size() > most) {
            throw new IllegalArgumentException(
                    "node '%s' has inputs %s; expected %s"
                            .formatted(name, copy, least == most ? "one" : "two or more"));
        }
        return copy;
    }

    static ActivationShape map(String name, ActivationShape shape) {
        if (!shape.isMap()) {
            throw new IllegalArgumentException(
                    "node '%s' is given %s; expected a map [C, H, W]"
                            .formatted(name, shape.extents()));
        }
        return shape;
    }

    static ActivationShape vector(String name, ActivationShape shape) {
        if (shape.isMap()) {
            throw new IllegalArgumentException(
                    "node '%s' is given %s; expected a vector [C]"
                            .formatted(name, shape.extents()));
        }
        return shape;
    }
}
