package org.deepcovid.eval.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.eval.explain.TestNetworks.heatmap;
import static org.deepcovid.eval.metrics.TestLabels.assertRefusedNaming;

import java.util.stream.IntStream;
import org.deepcovid.core.image.CropPlacement;
import org.deepcovid.core.image.PixelMask;
import org.junit.jupiter.api.Test;

class HeatmapChecksTest {

    /** One cell per pixel. */
    private static Heatmap pixels(int size, PixelMask.Membership hot) {
        double[] values =
                IntStream.range(0, size * size)
                        .mapToDouble(i -> hot.contains(i % size, i / size) ? 2 : -1)
                        .toArray();
        return heatmap(new CropPlacement(size, size, size), values);
    }

    private static PixelMask mask(int size, PixelMask.Membership inside) {
        return PixelMask.of(size, size, inside);
    }

    @Test
    void pointsToTheHottestCell() {
        double[] values = new double[16];
        values[6] = 1; // row 1, column 2 of 4: pixels 20 to 30 across, 10 to 20 down
        Heatmap map = heatmap(new CropPlacement(40, 40, 40), values);

        assertThat(HeatmapChecks.pointsInto(map, mask(40, (x, y) -> x == 25 && y == 15))).isTrue();
        assertThat(HeatmapChecks.pointsInto(map, mask(40, (x, y) -> x != 25))).isFalse();
    }

    @Test
    void pointsIntoTheMiddleOfAPlateau() {
        Heatmap map = pixels(21, (x, y) -> x >= 4 && x <= 12 && y >= 6 && y <= 10);

        assertThat(map.hottest()).isEqualTo(new Heatmap.Pixel(8, 8));
    }

    @Test
    void pointsInTheCoordinatesOfTheWholeImage() {
        double[] values = {0, 0, 0, 1};
        Heatmap map = heatmap(new CropPlacement(400, 200, 100), values);

        // lower right quarter of the central 200 x 200 pixels
        assertThat(map.hottest()).isEqualTo(new Heatmap.Pixel(250, 150));
    }

    @Test
    void pointsToTheHottestPlaceOfAnArea() {
        // brighter to the right: the whole image's hottest place is at the right edge
        Heatmap map =
                heatmap(
                        new CropPlacement(10, 10, 10),
                        IntStream.range(0, 100).mapToDouble(i -> i % 10).toArray());
        PixelMask area = mask(10, (x, y) -> x >= 2 && x <= 5 && y >= 2 && y <= 6);

        // its right column is hot from row 2 to row 6, and row 4 is in the middle of that
        assertThat(HeatmapChecks.pointsInto(map, mask(10, (x, y) -> x == 5 && y == 4), area))
                .isTrue();
        assertThat(HeatmapChecks.pointsInto(map, mask(10, (x, y) -> x == 9), area)).isFalse();
        assertThat(HeatmapChecks.pointsInto(map, mask(10, (x, y) -> x == 9))).isTrue();
        assertRefusedNaming(
                () -> HeatmapChecks.pointsInto(map, area, mask(10, (x, y) -> false)),
                "outside the network's crop");
    }

    @Test
    void detectsTheHottestPlaceAtTheBorderOfTheCrop() {
        CropPlacement wide = new CropPlacement(400, 200, 100); // sees columns 100 to 300
        Heatmap corner = heatmap(wide, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        Heatmap middle = heatmap(wide, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

        // the outer cells are centred at an eighth of the side, the inner ones at three eighths
        assertThat(HeatmapChecks.pointsIntoBorder(corner, 0.2)).isTrue();
        assertThat(HeatmapChecks.pointsIntoBorder(corner, 0.1)).isFalse();
        assertThat(HeatmapChecks.pointsIntoBorder(middle, 0.2)).isFalse();
        assertThat(HeatmapChecks.pointsIntoBorder(middle, 0.4)).isTrue();
        assertRefusedNaming(() -> HeatmapChecks.pointsIntoBorder(middle, 0), "frame is 0.0");
    }

    @Test
    void measuresOverlapOfTheHottestPixels() {
        Heatmap map =
                heatmap(
                        new CropPlacement(10, 10, 10),
                        IntStream.range(0, 100).asDoubleStream().toArray());
        PixelMask lastRows = mask(10, (x, y) -> y >= 8);

        assertThat(HeatmapChecks.intersectionOverUnion(map, lastRows, 0.2)).isEqualTo(1);
        assertThat(HeatmapChecks.intersectionOverUnion(map, lastRows, 0.1)).isEqualTo(0.5);
        assertThat(HeatmapChecks.intersectionOverUnion(map, mask(10, (x, y) -> y < 2), 0.2))
                .isZero();
        assertRefusedNaming(
                () -> HeatmapChecks.intersectionOverUnion(map, lastRows, 1),
                "share of hottest pixels is 1.0");
    }

    @Test
    void findsNoHottestPixelsInAFlatMap() {
        Heatmap flat = heatmap(new CropPlacement(10, 10, 10), 3.0);

        assertThat(HeatmapChecks.intersectionOverUnion(flat, mask(10, (x, y) -> true), 0.5))
                .isZero();
    }

    @Test
    void sharesEvidenceByArea() {
        Heatmap map = pixels(20, (x, y) -> y == 10);
        PixelMask left = mask(20, (x, y) -> x < 5);

        assertThat(HeatmapChecks.shareInside(map, left).orElseThrow())
                .isCloseTo(0.25, within(1e-6));
        assertThat(HeatmapChecks.areaOf(map, left)).isEqualTo(0.25);
        assertThat(HeatmapChecks.shareInBorder(map, 0.1).orElseThrow())
                .isCloseTo(0.2, within(1e-6));
        assertThat(HeatmapChecks.areaOfBorder(0.1)).isCloseTo(0.36, within(1e-12));
    }

    @Test
    void countsOnlyWhatTheNetworkSaw() {
        Heatmap map = heatmap(new CropPlacement(40, 20, 20), 1.0);
        PixelMask leftHalf = PixelMask.of(40, 20, (x, y) -> x < 20);
        PixelMask unseen = PixelMask.of(40, 20, (x, y) -> x < 10);

        assertThat(HeatmapChecks.shareInside(map, leftHalf)).hasValue(0.5);
        assertThat(HeatmapChecks.shareInside(map, unseen)).hasValue(0);
        assertThat(HeatmapChecks.areaOf(map, leftHalf)).isEqualTo(0.5);
        assertThat(HeatmapChecks.shareInBorder(map, 0.25)).hasValue(0.75);
    }

    @Test
    void sharesAreEmptyWithoutEvidence() {
        Heatmap against = heatmap(new CropPlacement(8, 8, 8), -1, -2, 0, -3);

        assertThat(HeatmapChecks.shareInside(against, mask(8, (x, y) -> true))).isEmpty();
        assertThat(HeatmapChecks.shareInBorder(against, 0.1)).isEmpty();
        assertRefusedNaming(() -> HeatmapChecks.shareInBorder(against, 0.5), "frame is 0.5");
    }

    @Test
    void correlatesRanks() {
        CropPlacement placement = new CropPlacement(9, 9, 3);
        Heatmap map = heatmap(placement, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        Heatmap stretched = heatmap(placement, 1, 4, 9, 16, 25, 36, 49, 64, 81);
        Heatmap reversed = heatmap(placement, 9, 8, 7, 6, 5, 4, 3, 2, 1);
        Heatmap flat = heatmap(placement, 1, 1, 1, 1, 1, 1, 1, 1, 1);

        assertThat(HeatmapChecks.rankCorrelation(map, stretched)).isCloseTo(1, within(1e-12));
        assertThat(HeatmapChecks.rankCorrelation(map, reversed)).isCloseTo(-1, within(1e-12));
        assertThat(HeatmapChecks.rankCorrelation(map, flat)).isZero();
        // scipy.stats.spearmanr([1,2,3,4,5,6,7,8,9], [2,1,1,4,4,4,9,5,5]).statistic
        Heatmap ties = heatmap(placement, 2, 1, 1, 4, 4, 4, 9, 5, 5);
        assertThat(HeatmapChecks.rankCorrelation(map, ties))
                .isCloseTo(0.8720815992723809, within(1e-9));
        assertRefusedNaming(
                () -> HeatmapChecks.rankCorrelation(map, heatmap(new CropPlacement(8, 9, 3), 1)),
                "expected one image");
    }

    @Test
    void refusesAMaskOfAnotherSize() {
        Heatmap map = pixels(20, (x, y) -> true);

        assertRefusedNaming(
                () -> HeatmapChecks.pointsInto(map, mask(21, (x, y) -> true)),
                "21 x 21 mask",
                "20 x 20 pixels");
    }
}
