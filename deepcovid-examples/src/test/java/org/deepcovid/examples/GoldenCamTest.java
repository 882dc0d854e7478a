package org.deepcovid.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.LinearHead;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.explain.Heatmap;
import org.deepcovid.eval.explain.HeatmapMethod;
import org.deepcovid.models.Backbones;
import org.deepcovid.testing.Npy;
import org.deepcovid.testing.SharedData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Class activation maps of the networks against an independent float64 implementation, for the
 * class that each of the five reference images is most like.
 */
class GoldenCamTest {

    private static final double TOLERANCE = 1e-3; // of the largest value of the map

    @ParameterizedTest
    @CsvSource({
        "resnet50, resnet50_imagenet_keras.h5, resnet50",
        "resnet18, resnet18_random_keras.h5, resnet18",
        "densenet121, densenet121_random_keras.h5, densenet121"
    })
    void agreesWithTheReference(String network, String file, String golden) throws IOException {
        Npy cams = Npy.read(SharedData.path("golden/" + golden + "-cam.npy"));
        Npy logits = Npy.read(SharedData.path("golden/" + golden + "-logits.npy"));
        try (Backbone backbone = Backbones.load(network, SharedData.path("weights/" + file));
                ExplainedModel model = denseHead(backbone)) {
            for (int image = 0; image < 5; image++) {
                int best = argMax(row(logits, image));
                double[] cam = cam(model, image, best);

                assertClose(cam, row(cams, image));
            }
        }
    }

    /** Its head is a convolution with bias and ReLU before the mean; the map is that ReLU's. */
    @Test
    void agreesWithTheReferenceOfSqueezeNet() throws IOException {
        Npy cams = Npy.read(SharedData.path("golden/squeezenet-cam.npy"));
        Npy logits = Npy.read(SharedData.path("golden/squeezenet-logits.npy"));
        Path file = SharedData.path("weights/squeezenet_v1.1_imagenet_keras.h5");
        try (Backbone backbone = Backbones.load("squeezenet", file)) {
            INDArray kernel = backbone.parameters().get("conv10/W"); // [classes, features, 1, 1]
            float[] bias = floats(backbone.parameters().get("conv10/b"));
            LinearHead head = new LinearHead(floats(kernel), bias);
            try (ExplainedModel model = ExplainedModel.of(backbone, head, names(1000))) {
                for (int image = 0; image < 5; image++) {
                    int best = argMax(row(logits, image));
                    double[] cam =
                            Arrays.stream(cam(model, image, best))
                                    .map(value -> Math.max(0, value + bias[best]))
                                    .toArray();

                    assertClose(cam, row(cams, image));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"resnet50, resnet50_imagenet_keras.h5", "densenet121, densenet121_random_keras.h5"})
    void gradCamByBackPropagationEqualsCamUpToScale(String network, String file)
            throws IOException {
        try (Backbone backbone = Backbones.load(network, SharedData.path("weights/" + file));
                ExplainedModel model = denseHead(backbone)) {
            double[] cam = cam(model, 0, 281);
            Heatmap gradCam =
                    HeatmapMethod.gradCam(backbone.spec().camLayer())
                            .explain(model, image(0), "281");
            double[] scaled =
                    Arrays.stream(gradCam.raw().values()).map(v -> v * cam.length).toArray();

            assertClose(scaled, cam);
        }
    }

    private static ExplainedModel denseHead(Backbone backbone) {
        INDArray weights = backbone.parameters().get("logits/W"); // [features, classes]
        float[] bias = floats(backbone.parameters().get("logits/b"));
        LinearHead head = new LinearHead(floats(weights.transpose()), bias);
        return ExplainedModel.of(backbone, head, names(bias.length));
    }

    private static List<String> names(int classes) {
        return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    }

    private static float[] floats(INDArray array) {
        return array.dup('c').data().asFloat();
    }

    private static RasterImage image(int number) throws IOException {
        try (Stream<Path> files = Files.list(SharedData.path("golden/images"))) {
            return ImageDecoder.decode(files.sorted().toList().get(number));
        }
    }

    private static double[] cam(ExplainedModel model, int image, int label) throws IOException {
        return HeatmapMethod.cam()
                .explain(model, image(image), Integer.toString(label))
                .raw()
                .values();
    }

    private static double[] row(Npy array, int row) {
        int length = array.values().length / array.shape().get(0);
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            values[i] = array.values()[row * length + i];
        }
        return values;
    }

    private static int argMax(double[] values) {
        return IntStream.range(0, values.length)
                .reduce((a, b) -> values[b] > values[a] ? b : a)
                .orElseThrow();
    }

    private static void assertClose(double[] found, double[] expected) {
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();

        assertThat(found).containsExactly(expected, within(TOLERANCE * largest));
        assertThat(largest).isGreaterThan(1);
    }
}
