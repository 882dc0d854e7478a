package org.deepcovid.eval.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.eval.explain.HeatmapMethod.occlusion;
import static org.deepcovid.eval.metrics.TestLabels.assertRefusedNaming;

import java.util.stream.IntStream;
import org.deepcovid.core.image.PixelMask;
import org.deepcovid.core.image.RasterImage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OcclusionTest {

    private static final int SIZE = TestNetworks.SIZE;

    private final ExplainedModel model = TestNetworks.mixedModel(4);
    private final RasterImage image = TestNetworks.image(SIZE, SIZE, 9);

    @AfterEach
    void close() {
        model.close();
        model.backbone().close();
    }

    /** Covers one window after another by hand, without batches. */
    @ParameterizedTest
    @EnumSource(OcclusionFill.class)
    void agreesWithBruteForce(OcclusionFill fill) {
        HeatmapMethod.Occlusion occlusion =
                new HeatmapMethod.Occlusion(
                        10, 7, fill, EvidenceUnit.PROBABILITY_DROP, 3); // starts 0 7 14 21 26
        float[] tensor = model.prepare(image).tensor();
        float[] cover = fill.cover(tensor, SIZE);
        double whole = probability(tensor);
        double[] sum = new double[SIZE * SIZE];
        int[] count = new int[SIZE * SIZE];
        for (int top : new int[] {0, 7, 14, 21, 26}) {
            for (int left : new int[] {0, 7, 14, 21, 26}) {
                float[] copy = tensor.clone();
                for (int c = 0; c < 3; c++) {
                    for (int i = 0; i < 100; i++) {
                        int at = c * SIZE * SIZE + (top + i / 10) * SIZE + left + i % 10;
                        copy[at] = cover[at];
                    }
                }
                double drop = whole - probability(copy);
                for (int i = 0; i < 100; i++) {
                    sum[(top + i / 10) * SIZE + left + i % 10] += drop;
                    count[(top + i / 10) * SIZE + left + i % 10]++;
                }
            }
        }
        double[] expected = new double[sum.length];
        for (int i = 0; i < sum.length; i++) {
            expected[i] = sum[i] / count[i];
        }

        Heatmap map = occlusion.explain(model, image, "covid");

        assertThat(map.raw().values()).containsExactly(expected, within(1e-6));
        assertThat(map.unit()).isEqualTo(EvidenceUnit.PROBABILITY_DROP);
        assertThat(map.raw().max()).isGreaterThan(map.raw().min());
    }

    private double probability(float[] tensor) {
        return model.head().probabilities(model.features(tensor, 1)[0])[1];
    }

    @Test
    void doesNotDependOnTheBatchSize() {
        Heatmap one = logitDrop(1);
        Heatmap many = logitDrop(100);

        assertThat(many.raw().values()).containsExactly(one.raw().values(), within(1e-5));
        assertThat(one.unit()).isEqualTo(EvidenceUnit.LOGIT_DROP);
    }

    private Heatmap logitDrop(int batch) {
        return new HeatmapMethod.Occlusion(9, 9, OcclusionFill.MEAN, EvidenceUnit.LOGIT_DROP, batch)
                .explain(model, image, "covid");
    }

    @Test
    void marksWhereTheDecisionFlips() {
        try (ExplainedModel bright = TestNetworks.brightnessModel(64)) {
            // logit margin 12 * mean - 1: 16 x 16 of 64 x 64 pixels give 12 / 16 - 1 < 0, twice as
            // much 0.5 > 0
            RasterImage bar = TestNetworks.rectangle(64, 64, 16, 16, 32);

            OcclusionResult result = occlusion(16, 16).occlude(bright, bar, "covid");

            assertThat(result.flips())
                    .isEqualTo(
                            PixelMask.of(64, 64, (x, y) -> y >= 16 && y < 32 && x >= 16 && x < 48));
            assertThat(result.windows()).hasSize(16);
            assertThat(result.windows().stream().filter(OcclusionResult.Window::flips)).hasSize(2);
            assertThat(result.logitDrop().valueAt(20, 20)).isCloseTo(0.75, within(1e-5));
            assertThat(result.logitDrop().valueAt(60, 60)).isCloseTo(0, within(1e-6));
            assertThat(result.map(EvidenceUnit.LOGIT_DROP)).isSameAs(result.logitDrop());
            assertThat(result.map(EvidenceUnit.PROBABILITY_DROP))
                    .isSameAs(result.probabilityDrop());
            assertRefusedNaming(() -> result.map(EvidenceUnit.LOGIT), "measure is logit;");
            bright.backbone().close();
        }
    }

    @Test
    void coversByTheChosenFill() {
        float[] tensor = {1, 2, 3, 6, 5, 5, 5, 5, 0, 0, 0, 8};

        assertThat(OcclusionFill.ZERO.cover(tensor, 2)).containsOnly(0);
        assertThat(OcclusionFill.MEAN.cover(tensor, 2))
                .containsExactly(3, 3, 3, 3, 5, 5, 5, 5, 2, 2, 2, 2);
        float[] large = new float[3 * 64 * 64];
        large[32 * 64 + 32] = 1;
        float[] blurred = OcclusionFill.BLUR.cover(large, 64);
        assertThat(blurred[32 * 64 + 32]).isBetween(0.001f, 0.02f);
        assertThat(blurred[32 * 64 + 36]).isPositive().isLessThan(blurred[32 * 64 + 32]);
        double total = IntStream.range(0, blurred.length).mapToDouble(i -> blurred[i]).sum();
        assertThat(total).isCloseTo(1, within(1e-4));
    }

    @Test
    void aWindowIsAtMostAsLargeAsTheImage() {
        EvidenceGrid whole = occlusion(SIZE, 5).explain(model, image, "covid").raw();

        assertThat(whole.max()).isEqualTo(whole.min());
        assertRefusedNaming(
                () -> occlusion(40, 16).explain(model, image, "covid"),
                "window of 40 pixels",
                "mixed has 36");
    }

    @Test
    void refusesNumbersThatMakeNoSense() {
        assertRefusedNaming(() -> occlusion(0, 1), "window 0");
        assertRefusedNaming(() -> occlusion(8, 9), "stride 9");
        assertRefusedNaming(() -> occlusion(8, 0), "stride 0");
        assertRefusedNaming(
                () -> occlusion(8, 8).withMeasure(EvidenceUnit.LOGIT), "measure is logit;");
        assertThat(occlusion(8, 8).withFill(OcclusionFill.BLUR).fill())
                .isEqualTo(OcclusionFill.BLUR);
    }
}
