package org.deepcovid.eval.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.eval.explain.HeatmapMethod.cam;
import static org.deepcovid.eval.explain.HeatmapMethod.gradCam;
import static org.deepcovid.eval.explain.HeatmapMethod.hiResCam;
import static org.deepcovid.eval.explain.HeatmapMethod.occlusion;
import static org.deepcovid.eval.metrics.TestLabels.assertRefusedNaming;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deepcovid.core.image.CropPlacement;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.core.image.ImagePart;
import org.deepcovid.core.image.PixelMask;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.image.TestImages;
import org.deepcovid.testing.DicomFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeatmapOverlayTest {

    private static final HeatmapOverlay PLAIN = HeatmapOverlay.defaults().withContour(0);

    private static Heatmap map(int width, int height, int size, double... values) {
        return TestNetworks.heatmap(new CropPlacement(width, height, size), values);
    }

    private static RasterImage grey(int width, int height) {
        byte[] samples = new byte[width * height];
        Arrays.fill(samples, (byte) 90);
        return RasterImage.of(width, height, 1, samples);
    }

    /** How far red and blue are apart. */
    private static int colour(RasterImage image, int x, int y) {
        return Math.abs(image.sample(x, y, 0) - image.sample(x, y, 2));
    }

    private static RasterImage plain(RasterImage image, Heatmap map) {
        return PLAIN.draw(image, map, Optional.empty());
    }

    /** Centre of mass of the colour. */
    private static double[] centreOfColour(RasterImage image) {
        double sum = 0;
        double x = 0;
        double y = 0;
        for (int i = 0; i < image.width() * image.height(); i++) {
            int column = i % image.width();
            int row = i / image.width();
            double colour = colour(image, column, row);
            sum += colour;
            x += colour * (column + 0.5);
            y += colour * (row + 0.5);
        }
        return new double[] {x / sum, y / sum};
    }

    /** The network's map is brightness itself, so the colour must lie where the square lies. */
    @ParameterizedTest
    @CsvSource({
        "64, 64, 8, 8",
        "64, 64, 40, 20",
        "160, 64, 60, 10",
        "160, 64, 90, 40",
        "64, 200, 10, 80",
        "64, 200, 40, 110",
        "150, 128, 60, 50",
        "300, 200, 140, 100"
    })
    void movesWithABrightSquareAlsoOutsideOfSquareImages(int width, int height, int left, int top) {
        RasterImage image = TestNetworks.square(width, height, left, top);
        try (ExplainedModel model = TestNetworks.brightnessModel(64)) {
            for (HeatmapMethod method : List.of(cam(), gradCam(), hiResCam(), occlusion(8, 4))) {
                Heatmap map = method.explain(model, image, "covid");
                RasterImage overlay =
                        PLAIN.withScaling(new HeatmapScaling.PerImage(0))
                                .withOpacity(1)
                                .draw(image, map, Optional.empty());

                assertThat(overlay.width()).isEqualTo(width);
                assertThat(overlay.height()).isEqualTo(height);
                double tolerance = 2.0 * Math.min(width, height) / 64;
                assertThat(centreOfColour(overlay)[0])
                        .as(method.title())
                        .isCloseTo(left + 8, within(tolerance));
                assertThat(centreOfColour(overlay)[1])
                        .as(method.title())
                        .isCloseTo(top + 8, within(tolerance));
                assertThat(HeatmapChecks.pointsInto(map, squareMask(width, height, left, top)))
                        .as(method.title())
                        .isTrue();
            }
            model.backbone().close();
        }
    }

    private static PixelMask squareMask(int width, int height, int left, int top) {
        return PixelMask.of(
                width, height, (x, y) -> x >= left && x < left + 16 && y >= top && y < top + 16);
    }

    @Test
    void darkensWhatTheCropLeftOutWithoutColour() {
        RasterImage overlay = plain(grey(90, 40), map(90, 40, 20, 5.0));

        for (int y = 0; y < 40; y++) {
            for (int x = 0; x < 90; x++) {
                assertThat(colour(overlay, x, y) > 0).isEqualTo(x >= 24 && x < 64);
            }
        }
        assertThat(overlay.sample(0, 0, 0)).as("three fifths of 90").isEqualTo(54);
        assertThat(overlay.sample(89, 39, 2)).isEqualTo(54);
    }

    /** A square in a file is where the decoded image has it. */
    @ParameterizedTest
    @ValueSource(strings = {"exif", "dicom"})
    void followsABrightSquareThroughDecoding(String kind, @TempDir Path folder) throws IOException {
        byte[] bytes = kind.equals("exif") ? turnedJpeg() : dicom();
        RasterImage image = ImageDecoder.decode(Files.write(folder.resolve("file"), bytes));
        assertThat(image.width()).isEqualTo(160);
        try (ExplainedModel model = TestNetworks.brightnessModel(64)) {
            Heatmap map = cam().explain(model, image, "covid");
            RasterImage overlay =
                    PLAIN.withScaling(new HeatmapScaling.PerImage(0))
                            .withOpacity(1)
                            .draw(image, map, Optional.empty());
            assertThat(centreOfColour(overlay)[0]).isCloseTo(60 + 8, within(2.0));
            assertThat(centreOfColour(overlay)[1]).isCloseTo(10 + 8, within(2.0));
            model.backbone().close();
        }
    }

    private static byte[] dicom() {
        RasterImage square = TestNetworks.square(160, 64, 60, 10);
        return DicomFile.of(160, 64, square.toBytes()).toBytes();
    }

    /** Stored upright, to be turned by 90 degrees. */
    private static byte[] turnedJpeg() {
        RasterImage square = TestNetworks.square(160, 64, 60, 10);
        BufferedImage stored = new BufferedImage(64, 160, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < 160; y++) {
            for (int x = 0; x < 64; x++) {
                stored.getRaster().setSample(x, y, 0, square.sample(159 - y, x, 0));
            }
        }
        return TestImages.withExif(TestImages.encode("jpeg", stored), 6);
    }

    @Test
    void coloursOnlyThePartThatTrimmingLeft() {
        CropPlacement part = new CropPlacement(100, 80, new ImagePart(20, 10, 60, 60), 30);
        RasterImage overlay = plain(grey(100, 80), TestNetworks.heatmap(part, 5.0));

        for (int i = 0; i < 8000; i++) {
            int x = i % 100;
            int y = i / 100;
            assertThat(colour(overlay, x, y) > 0).isEqualTo(x >= 20 && x < 80 && y >= 10 && y < 70);
        }
        assertThat(HeatmapOverlay.seesAll(part)).isFalse();
        assertThat(HeatmapOverlay.seesAll(new CropPlacement(320, 320, 224))).isTrue();
    }

    @Test
    void leavesTheImageAsItIsWithoutEvidence() {
        RasterImage image = grey(30, 30);
        RasterImage overlay =
                HeatmapOverlay.defaults()
                        .draw(image, map(30, 30, 30, 0, -1, -4, 0), Optional.empty());

        for (int i = 0; i < 900; i++) {
            assertThat(overlay.sample(i % 30, i / 30, 1)).isEqualTo(90);
            assertThat(colour(overlay, i % 30, i / 30)).isZero();
        }
    }

    @Test
    void coloursMoreWhereThereIsMoreEvidence() {
        RasterImage overlay = plain(grey(40, 40), map(40, 40, 40, 0.1, 4, 0.1, 4));

        assertThat(colour(overlay, 37, 20)).isGreaterThan(colour(overlay, 2, 20) + 20);
    }

    @Test
    void drawsContourAndLungs() {
        double[] values = new double[16];
        values[5] = 3;
        Heatmap map = map(80, 80, 80, values);
        PixelMask lungs = PixelMask.of(80, 80, (x, y) -> x >= 50 && x < 70 && y >= 50 && y < 70);

        RasterImage with = HeatmapOverlay.defaults().draw(grey(80, 80), map, Optional.of(lungs));
        RasterImage without = plain(grey(80, 80), map);

        // the cell is centred at (30, 30), and half of its value is half a cell away
        assertThat(brightest(with, 15, 25, 30)).isGreaterThan(180);
        assertThat(brightest(without, 15, 25, 30)).isLessThan(180);
        assertThat(with.sample(50, 60, 2)).isGreaterThan(with.sample(50, 60, 0) + 60);
        assertThat(colour(with, 60, 60)).isZero();
    }

    /** Of green in a part of a row. */
    private static int brightest(RasterImage image, int from, int to, int row) {
        return IntStream.range(from, to).map(x -> image.sample(x, row, 1)).max().orElseThrow();
    }

    @Test
    void aMapOfWeakEvidenceHasNoContour() {
        double[] values = new double[16];
        values[5] = EvidenceUnit.LOGIT.smallestRange() - 0.01;
        Heatmap map = map(80, 80, 80, values);

        assertThat(map.isWeak()).isTrue();
        assertThat(HeatmapOverlay.defaults().draw(grey(80, 80), map, Optional.empty()))
                .isEqualTo(plain(grey(80, 80), map));
    }

    @Test
    void textsNameMethodScoreAndColours() {
        Heatmap map = map(300, 200, 50, 2.5);

        assertThat(HeatmapOverlay.defaults().texts(map))
                .containsEntry("Title", "CAM: model evidence for 'covid', score 0.750")
                .containsEntry("Description", "logit from 2.5 to 2.5; colours from 0 to 2.5")
                .containsEntry(
                        "Disclaimer",
                        "Evidence of a research model, not a diagnosis. Not a diagnostic device.");
    }

    @Test
    void writesNumbersShortly() {
        assertThat(HeatmapOverlay.number(250)).isEqualTo("250");
        assertThat(HeatmapOverlay.number(-0.12345)).isEqualTo("-0.123");
        assertThat(HeatmapOverlay.number(0)).isEqualTo("0");
        assertThat(HeatmapOverlay.number(1.2345e-7)).isEqualTo("1.23E-7");
    }

    @Test
    void refusesMapAndMaskOfAnotherImage() {
        Heatmap map = map(30, 30, 30, 1);
        PixelMask lungs = PixelMask.of(30, 31, (x, y) -> true);

        assertRefusedNaming(
                () -> PLAIN.draw(grey(31, 30), map, Optional.empty()),
                "31 x 30 grey image",
                "map for 30 x 30");
        assertRefusedNaming(
                () -> PLAIN.draw(grey(30, 30), map, Optional.of(lungs)), "30 x 31 mask");
        assertRefusedNaming(() -> PLAIN.withOpacity(1.5), "opacity 1.5");
        assertRefusedNaming(() -> PLAIN.withContour(1), "contour 1.0");
    }
}
