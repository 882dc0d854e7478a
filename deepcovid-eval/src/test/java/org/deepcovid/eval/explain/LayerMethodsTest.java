package org.deepcovid.eval.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.eval.explain.HeatmapMethod.cam;
import static org.deepcovid.eval.explain.HeatmapMethod.gradCam;
import static org.deepcovid.eval.explain.HeatmapMethod.gradCamPlusPlus;
import static org.deepcovid.eval.explain.HeatmapMethod.hiResCam;
import static org.deepcovid.eval.explain.HeatmapMethod.occlusion;
import static org.deepcovid.eval.explain.HeatmapMethod.scoreCam;
import static org.deepcovid.eval.explain.HeatmapMethod.smoothed;
import static org.deepcovid.eval.metrics.TestLabels.assertRefusedNaming;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.inference.NetworkPlan.CellCentres;
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

    private double logitWithoutBias() {
        float[] features = model.features(model.prepare(image).tensor(), 1)[0];
        return model.head().logits(features)[1] - model.head().bias()[1];
    }

    @Test
    void camAveragesToTheLogitWithoutBias() {
        double mean = Arrays.stream(values(cam())).average().orElseThrow();

        assertThat(mean).isCloseTo(logitWithoutBias(), within(1e-5));
    }

    @Test
    void gradCamEqualsCamUpToTheNumberOfCells() {
        double[] scaled = Arrays.stream(values(gradCam())).map(v -> v * 81).toArray();

        assertThat(scaled).containsExactly(values(cam()), within(1e-5));
    }

    @Test
    void gradCamByBackPropagationEqualsTheAnalyticOne() {
        assertThat(values(gradCam("map"))).containsExactly(values(gradCam()), within(1e-6));
        assertThat(values(hiResCam("map"))).containsExactly(values(hiResCam()), within(1e-6));
    }

    @Test
    void hiResCamEqualsGradCamAtTheLastMapOnly() {
        assertThat(values(hiResCam())).containsExactly(values(gradCam()), within(1e-6));
        assertThat(values(hiResCam("relu2"))).isNotEqualTo(values(gradCam("relu2")));
    }

    @Test
    void hiResCamSumsToTheLogitBelowPiecewiseLinearLayers() {
        double sum = Arrays.stream(values(hiResCam())).sum();

        assertThat(sum).isCloseTo(logitWithoutBias(), within(1e-5));
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

        assertThat(values(gradCamPlusPlus("relu2"))).containsExactly(expected, within(1e-9));
        assertThat(Arrays.stream(expected).max().orElseThrow()).isPositive();
    }

    @Test
    void scoreCamPrefersTheChannelThatRaisesTheLogit() {
        // red squares left, green squares right; only green is evidence for covid
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

        Heatmap map = scoreCam(3).explain(green, RasterImage.of(64, 64, 3, samples), "covid");

        assertThat(map.valueAt(48, 32)).isGreaterThan(1.5 * map.valueAt(16, 32)).isPositive();
        green.backbone().close();
    }

    @Test
    void scoreCamUsesTheGivenNumberOfChannels() {
        assertThat(values(scoreCam(9))).isEqualTo(values(scoreCam(500)));
        assertThat(values(scoreCam(2))).isNotEqualTo(values(scoreCam(9)));
        assertRefusedNaming(() -> scoreCam(0), "channels is 0");
    }

    @Test
    void scoreCamRefusesAnImageWithoutContrast() {
        try (ExplainedModel flat = TestNetworks.brightnessModel(32)) {
            RasterImage black = RasterImage.of(32, 32, 1, new byte[32 * 32]);

            assertThatThrownBy(() -> scoreCam(3).explain(flat, black, "covid"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no channel");
            flat.backbone().close();
        }
    }

    @ParameterizedTest
    @MethodSource("allMethods")
    void haveTheScoreOfTheLabelAndNameTheLabelsThatExist(HeatmapMethod method) {
        double[] p = model.probabilities(image);

        assertThat(method.explain(model, image, "covid").score()).isCloseTo(p[1], within(1e-6));
        assertThat(method.explain(model, image, "non").score()).isCloseTo(p[0], within(1e-6));
        assertRefusedNaming(
                () -> method.explain(model, image, "flu"),
                "label 'flu' does not exist; expected one of [non, covid]");
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
    @MethodSource("methodsAtALayer")
    void nameTheLayersThatExist(HeatmapMethod method) {
        assertRefusedNaming(
                () -> method.explain(model, image, "covid"),
                "layer 'conv9' does not exist in mixed; expected one of",
                "conv2");
    }

    static List<HeatmapMethod> allMethods() {
        return List.of(
                cam(),
                gradCam(),
                gradCam("relu2"),
                gradCamPlusPlus(),
                gradCamPlusPlus("relu2"),
                hiResCam(),
                hiResCam("relu2"),
                scoreCam(4),
                occlusion(12, 12),
                smoothed(cam(), 1));
    }

    static List<HeatmapMethod> methodsAtALayer() {
        return List.of(
                gradCam("conv9"),
                gradCamPlusPlus("conv9"),
                hiResCam("conv9"),
                smoothed(hiResCam("conv9"), 1));
    }

    /** A change of the input's middle rows changes the map around cells centred there. */
    @Test
    void placeCellsWhereTheNetworkResponds() {
        CellCentres centres = model.centres("map", 9);
        ExplainedModel.Input dark = model.prepare(TestNetworks.image(36, 36, 1));
        float[] before = model.output(Optional.empty(), dark, 0).map().activations();
        double row = 0;
        double total = 0;
        for (int y = 16; y < 20; y++) {
            float[] changed = dark.tensor().clone();
            for (int x = 0; x < 36; x++) {
                changed[y * 36 + x] += 2;
            }
            ExplainedModel.Input lit =
                    new ExplainedModel.Input(dark.square(), changed, dark.placement());
            float[] after = model.output(Optional.empty(), lit, 0).map().activations();
            for (int i = 0; i < after.length; i++) {
                double difference = Math.abs(after[i] - before[i]);
                row += difference * (centres.first() + i / 9 % 9 * centres.step());
                total += difference;
            }
        }
        assertThat(row / total).isCloseTo(18, within(2.0));
        assertThat(model.centres("relu2", 18)).isEqualTo(new CellCentres(0.5, 2));
        assertThat(EvidenceGrid.evenCells(7, 224)).isEqualTo(new CellCentres(16, 32));
    }

    @Test
    void refuseAHeadThatDoesNotFitTheNetwork() {
        LinearHead small = new LinearHead(new float[] {1, 2, 3, 4}, new float[] {0, 0});

        assertRefusedNaming(
                () -> ExplainedModel.of(model.backbone(), small, TestNetworks.LABELS),
                "head of 2 features");
    }
}
