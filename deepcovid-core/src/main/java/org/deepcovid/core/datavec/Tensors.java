package org.deepcovid.core.datavec;

import org.deepcovid.core.image.ImageBatch;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Copies batches into ND4J arrays. */
final class Tensors {

    private Tensors() {}

    /** Float32 [N, 3, S, S] in c order. */
    static INDArray of(ImageBatch batch) {
        DeepCovidRuntime.initialise();
        int size = batch.inputSize();
        return Nd4j.create(batch.toArray(), new long[] {batch.size(), 3, size, size}, 'c');
    }
}
