package org.deepcovid.eval.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.model.LinearHead;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LayerMethodsTest {

    private final ExplainedModel model = TestNetworks.mixedModel(8);
    private final RasterImage image = TestNetworks.image(50, 40, 2);

    @AfterEach
    void close() {
        model.close();
        model.backbone().close();
    }

    private double[] values(HeatmapMethod method) {
        return method.explain(model, image, "covid").raw().values();
    }

    @Test
    void camAveragesToTheLogitWithoutBias() {
        ExplainedModel.Input input = model.prepare(image);
        double logit = model.head().logits(model.features(input.tensor(), 1)[0])[1];

        double mean = Arrays.stream(values(new Cam())).average().orElseThrow();

        assertThat(mean).isCloseTo(logit - model.head().bias()[1], within(1e-5));
    }

    @Test
    void gradCamEqualsCamUpToTheNumberOfCells() {
        double[] cam = values(new Cam());
        double[] gradCam = values(new GradCam());

        for (int i = 0; i < cam.length; i++) {
            assertThat(gradCam[i] * 81).isCloseTo(cam[i], within(1e-5));
        }
    }

    @Test
    void gradCamByBackPropagationEqualsTheAnalyticOne() {
        assertThat(values(GradCam.at("map"))).containsExactly(values(new GradCam()), within(1e-6));
    }

    @Test
    void hiResCamEqualsGradCamAtTheLastMapOnly() {
        assertThat(values(new HiResCam())).containsExactly(values(new GradCam()), within(1e-6));
        assertThat(values(HiResCam.at("relu2"))).isNotEqualTo(values(GradCam.at("relu2")));
    }

    /**
     * All layers from "join" on are linear in it but for one ReLU, which keeps or drops a place.
     */
    @Test
    void hiResCamSumsToTheLogitBelowPiecewiseLinearLayers() {
        double[] cam = values(new HiResCam());
        ExplainedModel.Input input = model.prepare(image);
        double logit = model.head().logits(model.features(input.tensor(), 1)[0])[1];

        assertThat(Arrays.stream(cam).sum())
                .isCloseTo(logit - model.head().bias()[1], within(1e-5));
    }

    @Test
    void gradCamPlusPlusFollowsItsFormula() {
        ExplainedModel.Input input = model.prepare(image);
        LayerEvidence e = model.layer("relu2", input, 1);
        double[] expected = new double[e.cells()];
        for (int c = 0; c < e.channels(); c++) {
            double sum = 0;
            for (int i = 0; i < e.cells(); i++) {
                sum += e.activations()[c * e.cells() + i];
            }
            double weight = 0;
            for (int i = 0; i < e.cells(); i++) {
                double g = e.gradients()[c * e.cells() + i];
                double alpha = g == 0 ? 0 : g * g / (2 * g * g + sum * g * g * g);
                weight += alpha * Math.max(0, g);
            }
            for (int i = 0; i < e.cells(); i++) {
                expected[i] += weight * e.activations()[c * e.cells() + i];
            }
        }

        assertThat(values(GradCamPlusPlus.at("relu2"))).containsExactly(expected, within(1e-9));
        assertThat(Arrays.stream(expected).max().orElseThrow()).isPositive();
    }

    @Test
    void scoreCamPrefersTheChannelThatRaisesTheLogit() {
        // red squares left, green squares right; only green speaks for covid
        byte[] samples = new byte[64 * 64 * 3];
        for (int i = 0; i < 64 * 64; i++) {
            int x = i % 64;
            int y = i / 64;
            boolean inside = y >= 24 && y < 40 && x % 32 >= 8 && x % 32 < 24;
            samples[3 * i + (x < 32 ? 0 : 1)] = (byte) (inside ? 255 : 0);
        }
        ExplainedModel green =
                ExplainedModel.of(
                        TestNetworks.brightness(64),
                        new LinearHead(new float[] {0, 0, 0, 0, 90, 0}, new float[] {0, 0}),
                        List.of("non", "covid"));

        Heatmap map = new ScoreCam(3).explain(green, RasterImage.of(64, 64, 3, samples), "covid");

        assertThat(map.valueAt(48, 32)).isGreaterThan(1.5 * map.valueAt(16, 32)).isPositive();
        green.backbone().close();
    }

    @Test
    void scoreCamUsesAsManyChannelsAsAskedFor() {
        assertThat(values(new ScoreCam(9))).isEqualTo(values(new ScoreCam(500)));
        assertThat(values(new ScoreCam(2))).isNotEqualTo(values(new ScoreCam(9)));
        assertThatThrownBy(() -> new ScoreCam(0)).hasMessageContaining("channels is 0");
    }

    @Test
    void scoreCamRefusesAnImageWithoutContrast() {
        try (ExplainedModel flat = TestNetworks.brightnessModel(32)) {
            RasterImage black = RasterImage.of(32, 32, 1, new byte[32 * 32]);

            assertThatThrownBy(() -> new ScoreCam(3).explain(flat, black, "covid"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no channel");
            flat.backbone().close();
        }
    }

    @Test
    void tellTheScoreOfTheLabel() {
        double[] p = model.probabilities(image);
        for (HeatmapMethod method :
                List.of(
                        new Cam(),
                        new GradCam(),
                        new GradCamPlusPlus(),
                        new HiResCam(),
                        new ScoreCam(4),
                        new Occlusion(12, 12))) {
            assertThat(method.explain(model, image, "covid").score()).isCloseTo(p[1], within(1e-6));
            assertThat(method.explain(model, image, "non").score()).isCloseTo(p[0], within(1e-6));
        }
    }

    @ParameterizedTest
    @MethodSource("allMethods")
    void refuseANetworkWhoseActivationsAreNotFinite(HeatmapMethod method) {
        model.backbone().parameters().get("conv2/W").assign(3e38); // sums overflow

        assertThatThrownBy(() -> method.explain(model, image, "covid"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no map can be drawn (are the weights finite?)");
    }

    @ParameterizedTest
    @MethodSource("allMethods")
    void nameTheLabelsThatExist(HeatmapMethod method) {
        assertThatThrownBy(() -> method.explain(model, image, "flu"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("label 'flu' does not exist; expected one of [non, covid]");
    }

    @ParameterizedTest
    @MethodSource("methodsAtALayer")
    void nameTheLayersThatExist(HeatmapMethod method) {
        assertThatThrownBy(() -> method.explain(model, image, "covid"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("layer 'conv9' does not exist in mixed; expected one of")
                .hasMessageContaining("conv2");
    }

    static List<HeatmapMethod> allMethods() {
        return List.of(
                new Cam(),
                new GradCam(),
                GradCam.at("relu2"),
                new GradCamPlusPlus(),
                GradCamPlusPlus.at("relu2"),
                new HiResCam(),
                HiResCam.at("relu2"),
                new ScoreCam(4),
                new Occlusion(12, 12),
                new Smoothed(new Cam(), 1));
    }

    static List<HeatmapMethod> methodsAtALayer() {
        return List.of(
                GradCam.at("conv9"),
                GradCamPlusPlus.at("conv9"),
                HiResCam.at("conv9"),
                new Smoothed(HiResCam.at("conv9"), 1));
    }

    @Test
    void refuseAHeadThatDoesNotFitTheNetwork() {
        LinearHead small = new LinearHead(new float[] {1, 2, 3, 4}, new float[] {0, 0});

        assertThatThrownBy(() -> ExplainedModel.of(model.backbone(), small, TestNetworks.LABELS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("head of 2 features");
    }
}
