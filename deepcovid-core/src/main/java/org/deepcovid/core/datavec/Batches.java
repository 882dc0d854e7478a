package org.deepcovid.core.datavec;

import java.util.List;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.ImageBatch;
import org.deepcovid.core.image.ImageRequest;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Converts labelled images to requests, and decoded batches to ND4J arrays. */
final class Batches {

    private Batches() {}

    /** Requests without augmentation. */
    static List<ImageRequest> requests(List<LabelledImage> images) {
        return images.stream()
                .map(image -> ImageRequest.plain(image.id(), image.radiograph()))
                .toList();
    }

    /** Float32 [N, 3, S, S] in c order. */
    static INDArray toNd4j(ImageBatch batch) {
        return toNd4j(batch.toArray(), batch.size(), batch.inputSize());
    }

    /** Float32 [N, 3, S, S] in c order, for N images of side S. */
    static INDArray toNd4j(float[] values, int images, int side) {
        DeepCovidRuntime.initialise();
        return Nd4j.create(values, new long[] {images, 3, side, side}, 'c');
    }
}
