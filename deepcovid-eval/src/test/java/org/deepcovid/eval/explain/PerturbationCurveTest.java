package org.deepcovid.eval.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.eval.explain.HeatmapMethod.cam;
import static org.deepcovid.eval.metrics.TestLabels.assertRefusedNaming;

import java.util.Arrays;
import java.util.List;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.model.LinearHead;
import org.deepcovid.eval.explain.PerturbationCurve.Point;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PerturbationCurveTest {

    private final ExplainedModel model =
            ExplainedModel.of(
                    TestNetworks.brightness(32),
                    new LinearHead(new float[] {0, 0, 0, 8, 8, 8}, new float[] {3, 0}),
                    TestNetworks.LABELS);
    private final RasterImage image = TestNetworks.square(32, 32, 4, 12);

    @AfterEach
    void close() {
        model.close();
        model.backbone().close();
    }

    private static Heatmap inverted(Heatmap map) {
        double[] values = Arrays.stream(map.raw().values()).map(v -> -v).toArray();
        return new Heatmap(
                "inverted",
                map.label(),
                map.score(),
                new EvidenceGrid(map.raw().rows(), map.raw().columns(), values),
                map.unit(),
                map.cells(),
                map.placement());
    }

    @Test
    void deletionLosesAndInsertionGainsEarlierWithAMapThatIsRight() {
        Heatmap right = cam().explain(model, image, "covid");
        Heatmap wrong = inverted(right);

        assertThat(deletion(right, 16).area()).isLessThan(deletion(wrong, 16).area() - 0.2);
        assertThat(insertion(right, 16).area()).isGreaterThan(insertion(wrong, 16).area() + 0.2);
    }

    private PerturbationCurve deletion(Heatmap map, int steps) {
        return PerturbationCurve.deletion(model, image, map, OcclusionFill.ZERO, steps);
    }

    private PerturbationCurve insertion(Heatmap map, int steps) {
        return PerturbationCurve.insertion(model, image, map, OcclusionFill.ZERO, steps);
    }

    @Test
    void startsAndEndsWithTheWholeAndTheEmptyImage() {
        Heatmap map = cam().explain(model, image, "covid");
        double whole = model.probabilities(image)[1];
        double empty = model.probabilities(RasterImage.of(1, 1, 1, new byte[1]))[1];

        List<Point> deletion = deletion(map, 4).points();
        List<Point> insertion = insertion(map, 4).points();

        assertThat(deletion)
                .extracting(Point::changedShare)
                .containsExactly(0.0, 0.25, 0.5, 0.75, 1.0);
        assertThat(deletion.get(0).probability()).isCloseTo(whole, within(1e-6));
        assertThat(deletion.get(4).probability()).isCloseTo(empty, within(1e-6));
        assertThat(insertion.get(0).probability()).isCloseTo(empty, within(1e-6));
        assertThat(insertion.get(4).probability()).isCloseTo(whole, within(1e-6));
        // the square is the hottest quarter: without it, nothing is left to lose
        assertThat(deletion.get(2).probability()).isCloseTo(empty, within(1e-6));
    }

    @Test
    void areaIsThatOfTrapezoids() {
        PerturbationCurve curve =
                new PerturbationCurve(
                        List.of(new Point(0, 1), new Point(0.5, 0.5), new Point(1, 0.5)));

        assertThat(curve.area()).isCloseTo(0.625, within(1e-12));
    }

    @Test
    void refusesAMapOfAnotherImage() {
        Heatmap map = cam().explain(model, TestNetworks.square(40, 32, 4, 4), "covid");

        assertRefusedNaming(() -> deletion(map, 4), "a map of this image");
        Heatmap right = cam().explain(model, image, "covid");
        assertRefusedNaming(() -> insertion(right, 0), "0 steps");
    }
}
