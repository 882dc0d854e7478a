package org.deepcovid.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.testing.Npy;
import org.deepcovid.testing.SharedData;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Five images and what an independent float64 implementation makes of them; see the README beside
 * the files.
 */
final class Golden {

    private Golden() {}

    /** The five images as a batch [5, 3, 224, 224], in the order of the file names. */
    static INDArray images(Normalization normalization) throws IOException {
        List<Path> files;
        try (Stream<Path> list = Files.list(SharedData.path("golden/images"))) {
            files = list.sorted().toList();
        }
        assertThat(files).hasSize(5);
        float[] values = new float[5 * 3 * 224 * 224];
        int at = 0;
        for (Path file : files) {
            BufferedImage image = ImageIO.read(file.toFile());
            for (int plane = 0; plane < 3; plane++) {
                int band = normalization.rgbChannelOf(plane);
                for (int y = 0; y < 224; y++) {
                    for (int x = 0; x < 224; x++) {
                        int sample = (image.getRGB(x, y) >> (16 - 8 * band)) & 0xff;
                        values[at++] = normalization.apply(plane, sample);
                    }
                }
            }
        }
        return Nd4j.create(values, new long[] {5, 3, 224, 224}, 'c');
    }

    static INDArray array(String name) throws IOException {
        Npy array = Npy.read(SharedData.path("golden/" + name + ".npy"));
        long[] shape = array.shape().stream().mapToLong(Integer::longValue).toArray();
        return Nd4j.create(array.values(), shape, 'c');
    }

    /** Largest absolute difference, after checking that the shapes agree. */
    static double worst(INDArray found, INDArray expected) {
        assertThat(found.shape()).containsExactly(expected.shape());
        return found.sub(expected).amaxNumber().doubleValue();
    }
}
