package org.deepcovid.core.datavec;

import java.util.List;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.features.FeatureExtractor;
import org.deepcovid.core.features.ImageRows;
import org.deepcovid.core.image.ImageRequest;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Decodes labelled images, and converts their pixels to ND4J arrays. */
final class Batches {

    private Batches() {}

    /** The images as they are. */
    static ImageRows<LabelledImage> pixels(
            List<LabelledImage> images, Preprocessing preprocessing, int threads) {
        return FeatureExtractor.of(preprocessing, FeatureExtractor.PIXELS)
                .with(threads, FeatureExtractor.GRAPH_BATCH)
                .rows(
                        images.iterator(),
                        image -> ImageRequest.plain(image.id(), image.radiograph()));
    }

    /** Float32 [N, 3, S, S] in c order, for N images of side S. */
    static INDArray toNd4j(float[] values, int images, int side) {
        DeepCovidRuntime.initialise();
        return Nd4j.create(values, new long[] {images, 3, side, side}, 'c');
    }
}
