package org.deepcovid.eval.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.eval.explain.HeatmapMethod.cam;
import static org.deepcovid.eval.explain.HeatmapMethod.gradCam;
import static org.deepcovid.eval.explain.HeatmapMethod.gradCamPlusPlus;
import static org.deepcovid.eval.explain.HeatmapMethod.hiResCam;
import static org.deepcovid.eval.explain.HeatmapMethod.occlusion;

import java.util.Arrays;
import java.util.List;
import org.deepcovid.core.image.RasterImage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RandomisedModelTest {

    private static final int SIZE = TestNetworks.SIZE;

    private final ExplainedModel model = TestNetworks.mixedModel(6);
    private final RasterImage image = TestNetworks.image(36, 36, 7);

    @AfterEach
    void close() {
        model.close();
        model.backbone().close();
    }

    @Test
    void givesOtherMapsByEveryMethod() {
        try (ExplainedModel random = model.randomised(1)) {
            for (HeatmapMethod method :
                    List.of(
                            cam(),
                            gradCam("relu2"),
                            gradCamPlusPlus("relu2"),
                            hiResCam("relu2"),
                            occlusion(12, 6))) {
                Heatmap trained = method.explain(model, image, "covid");
                Heatmap changed = method.explain(random, image, "covid");

                assertThat(Math.abs(HeatmapChecks.rankCorrelation(trained, changed)))
                        .as(method.title())
                        .isLessThan(0.8);
            }
        }
    }

    /** Nothing in an image of one grey differs from place to place, but padding with zeros does. */
    @Test
    void standsOutAtTheBorderOfAFlatImageByPadding() {
        byte[] grey = new byte[SIZE * SIZE];
        Arrays.fill(grey, (byte) 120);
        try (ExplainedModel random = model.randomised(1)) {
            EvidenceGrid map =
                    cam().explain(random, RasterImage.of(SIZE, SIZE, 1, grey), "covid").raw();

            double inner = map.at(4, 4);
            for (int i = 0; i < 9; i++) {
                assertThat(map.at(3 + i / 3, 3 + i % 3)).isCloseTo(inner, within(1e-5));
            }
            assertThat(map.max() - map.min()).isGreaterThan(1e-2);
        }
    }

    @Test
    void keepsTheDistributionOfEveryParameter() {
        try (ExplainedModel random = model.randomised(1)) {
            for (String name : model.backbone().parameters().keySet()) {
                assertThat(floats(random, name))
                        .as(name)
                        .containsExactlyInAnyOrder(floats(model, name));
            }
            assertThat(floats(random, "conv2/W")).isNotEqualTo(floats(model, "conv2/W"));
            assertThat(random.head()).isNotEqualTo(model.head());
        }
    }

    private static float[] floats(ExplainedModel model, String parameter) {
        return model.backbone().parameters().get(parameter).dup('c').data().asFloat();
    }

    @Test
    void isTheSameForTheSameSeedAndLeavesTheOriginalAloneAlsoWhenClosed() {
        double[] before = model.probabilities(image);
        try (ExplainedModel one = model.randomised(5);
                ExplainedModel same = model.randomised(5);
                ExplainedModel other = model.randomised(6)) {
            assertThat(one.probabilities(image)).isEqualTo(same.probabilities(image));
            assertThat(one.probabilities(image)).isNotEqualTo(other.probabilities(image));
        }
        assertThat(model.probabilities(image)).isEqualTo(before);
    }
}
