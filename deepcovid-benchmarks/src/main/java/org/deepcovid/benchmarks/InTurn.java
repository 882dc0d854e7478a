package org.deepcovid.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** Repeats several measurements in turn, so that a change of the clock rate affects all alike. */
final class InTurn {

    private InTurn() {}

    /** Medians by name, after a first round that is not counted, as it loads classes. */
    static Map<String, Double> medians(int rounds, Map<String, DoubleSupplier> measurements) {
        Map<String, List<Double>> values = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) {
            for (Map.Entry<String, DoubleSupplier> measurement : measurements.entrySet()) {
                double value = measurement.getValue().getAsDouble();
                if (round > 0) {
                    values.computeIfAbsent(measurement.getKey(), name -> new ArrayList<>())
                            .add(value);
                }
            }
        }
        Map<String, Double> medians = new LinkedHashMap<>();
        values.forEach((name, all) -> medians.put(name, median(all)));
        return medians;
    }

    static double median(int rounds, DoubleSupplier measurement) {
        return medians(rounds, Map.of("", measurement)).get("");
    }

    /** Milliseconds of a call. */
    static DoubleSupplier milliseconds(Runnable work) {
        return () -> {
            long start = System.nanoTime();
            work.run();
            return (System.nanoTime() - start) / 1e6;
        };
    }

    static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
