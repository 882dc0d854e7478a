package org.deepcovid.core.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Copies named parameters into a backbone, all of them or none. */
final class ParameterCopy {

    private ParameterCopy() {}

    static void fill(Backbone backbone, Map<String, INDArray> source) {
        Map<String, INDArray> target = backbone.parameters();
        List<String> problems = new ArrayList<>();
        target.forEach((name, array) -> check(name, array, source.get(name), problems));
        TreeSet<String> superfluous = new TreeSet<>(source.keySet());
        superfluous.removeAll(target.keySet());
        superfluous.forEach(name -> problems.add(name + " is superfluous"));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    "the parameters do not fit %s: %s"
                            .formatted(
                                    backbone.spec().architecture(), String.join("; ", problems)));
        }
        target.forEach((name, array) -> array.assign(source.get(name)));
    }

    private static void check(
            String name, INDArray target, INDArray source, List<String> problems) {
        if (source == null) {
            problems.add(name + " is missing");
        } else if (!Arrays.equals(target.shape(), source.shape())
                || source.dataType() != target.dataType()) {
            problems.add(
                    "%s is %s %s, expected %s %s"
                            .formatted(
                                    name,
                                    source.dataType(),
                                    Arrays.toString(source.shape()),
                                    target.dataType(),
                                    Arrays.toString(target.shape())));
        } else if (!Double.isFinite(source.amaxNumber().doubleValue()) || source.isNaN().any()) {
            problems.add(name + " holds a value that is not finite");
        }
    }
}
