package org.deepcovid.core.training;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Cached activations at the cut.
 *
 * @param rows one per use of an image
 * @param shapes of the vertices at the cut, without the batch; a row holds them one after another
 * @param classes position of the label of each row
 */
record CutActivations(RowStore rows, List<List<Long>> shapes, List<Integer> classes) {

    CutActivations {
        requireNonNull(rows, "rows is null");
        shapes = List.copyOf(shapes);
        classes = List.copyOf(classes);
    }

    int size() {
        return rows.size();
    }

    /** Classes of some rows. */
    List<Integer> classes(List<Integer> batch) {
        return batch.stream().map(classes::get).toList();
    }

    /** Some rows, as one array per vertex. */
    List<INDArray> arrays(List<Integer> batch) {
        float[] row = new float[shapes.stream().mapToInt(FrozenPart::elements).sum()];
        List<float[]> parts =
                shapes.stream()
                        .map(shape -> new float[batch.size() * FrozenPart.elements(shape)])
                        .toList();
        for (int i = 0; i < batch.size(); i++) {
            rows.read(batch.get(i), row);
            int at = 0;
            for (int p = 0; p < parts.size(); p++) {
                int each = FrozenPart.elements(shapes.get(p));
                System.arraycopy(row, at, parts.get(p), i * each, each);
                at += each;
            }
        }
        List<INDArray> arrays = new ArrayList<>();
        for (int p = 0; p < parts.size(); p++) {
            List<Long> shape = new ArrayList<>(List.of((long) batch.size()));
            shape.addAll(shapes.get(p));
            arrays.add(
                    Nd4j.create(
                            parts.get(p),
                            shape.stream().mapToLong(Long::longValue).toArray(),
                            'c'));
        }
        return arrays;
    }
}
