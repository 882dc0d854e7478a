package org.deepcovid.eval.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.eval.metrics.TestLabels.assertRefusedNaming;

import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import javax.imageio.ImageIO;
import org.deepcovid.core.image.CropPlacement;
import org.deepcovid.core.image.PixelMask;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.eval.figure.Figure;
import org.deepcovid.eval.figure.Fonts;
import org.deepcovid.eval.figure.Palette;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeatmapFigureTest {

    private static Heatmap map(int width, int height, double... values) {
        return TestNetworks.heatmap(new CropPlacement(width, height, 20), values);
    }

    private static BufferedImage png(Figure figure, int pixels) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(figure.toPng(pixels)));
    }

    /** Where a bright square is on the radiograph it is under the colour of the map beside it. */
    @ParameterizedTest
    @CsvSource({"64, 64, 40, 20", "160, 64, 60, 10", "64, 200, 10, 80", "3000, 2000, 1400, 900"})
    void showsRadiographAndMapAtTheSameSizeAndPlace(int width, int height, int left, int top)
            throws IOException {
        int side = Math.max(16, width / 12);
        byte[] samples = new byte[width * height];
        for (int y = top; y < top + side; y++) {
            Arrays.fill(samples, y * width + left, y * width + left + side, (byte) 255);
        }
        RasterImage image = RasterImage.of(width, height, 1, samples);
        try (ExplainedModel model = TestNetworks.brightnessModel(64)) {
            Figure figure =
                    HeatmapFigure.of(model, "square", image, "covid", List.of(HeatmapMethod.cam()))
                            .withOverlay(
                                    HeatmapOverlay.defaults()
                                            .withContour(0)
                                            .withScaling(new HeatmapScaling.PerImage(0)))
                            .withTheme(Palette.Theme.DARK)
                            .figure();
            BufferedImage picture = png(figure, 2 * HeatmapFigure.WIDTH);
            int film = (int) (2 * 383 * Math.min(1.25, (double) height / width));
            Rectangle2D radiograph = bright(picture, 0, film);
            Rectangle2D map = bright(picture, HeatmapFigure.WIDTH, film);
            double panel = 2 * (HeatmapFigure.WIDTH - 24 - 10) / 2 + 20;
            assertThat(map.getCenterX() - radiograph.getCenterX()).isCloseTo(panel, within(4.0));
            assertThat(map.getCenterY()).isCloseTo(radiograph.getCenterY(), within(4.0));
            assertThat(map.getWidth()).isCloseTo(radiograph.getWidth(), within(6.0));
            model.backbone().close();
        }
    }

    /** Bounds of what is bright in the upper part of one half of the picture. */
    private static Rectangle2D bright(BufferedImage picture, int from, int film) {
        Rectangle2D bounds = null;
        for (int y = 110; y < 100 + film; y++) {
            for (int x = from; x < from + HeatmapFigure.WIDTH - 4; x++) {
                if (red(picture, x, y) > 140 && red(picture, x + 4, y + 4) > 140) { // no dashes
                    Rectangle2D pixel = new Rectangle2D.Double(x, y, 1, 1);
                    bounds = bounds == null ? pixel : bounds.createUnion(pixel);
                }
            }
        }
        return bounds;
    }

    private static int red(BufferedImage picture, int x, int y) {
        return picture.getRGB(x, y) >> 16 & 0xFF;
    }

    @Test
    void leavesOutWhatShowsNothingAndNamesIt() {
        PixelMask none = PixelMask.of(30, 40, (x, y) -> false);
        HeatmapFigure figure =
                new HeatmapFigure(
                        "a.png",
                        RasterImage.of(30, 40, 1, new byte[1200]),
                        List.of(map(30, 40, 0.2), map(30, 40, 2.5)),
                        Optional.of(none),
                        Optional.empty(),
                        OptionalDouble.of(0.4),
                        HeatmapOverlay.defaults(),
                        Palette.Theme.LIGHT);

        assertThat(figure.panels().stream().map(HeatmapFigure.Panel::name))
                .containsExactly("Radiograph", "CAM");
        assertThat(figure.caption())
                .isEqualTo(
                        "Score for covid: 0.750. Called covid, since the threshold is 0.400. Left"
                            + " out: CAM, whose largest value is 0.2 (shown from 0.5 on); decisive"
                            + " regions, since no covered square changes the decision. "
                                + HeatmapOverlay.NOTICE);
        assertThat(figure.figure().description())
                .contains("CAM, evidence for covid (logit), values from 2.5 to 2.5");
    }

    @Test
    void showsDecisiveRegionsBesideTheMaps() {
        PixelMask region = PixelMask.of(30, 30, (x, y) -> x < 3);
        HeatmapFigure figure =
                new HeatmapFigure(
                        "a.png",
                        RasterImage.of(30, 30, 1, new byte[900]),
                        List.of(map(30, 30, 2.5)),
                        Optional.of(region),
                        Optional.empty(),
                        OptionalDouble.empty(),
                        HeatmapOverlay.defaults(),
                        Palette.Theme.LIGHT);

        assertThat(figure.figure().description())
                .contains("Decisive regions, yellow", "10.0 % of the image")
                .contains("Score for covid: 0.750. " + HeatmapOverlay.NOTICE);
    }

    /** Batik rounds the factors of a transform to one digit, which would displace what is drawn. */
    @Test
    void svgScalesNothing() {
        PixelMask region = PixelMask.of(300, 200, (x, y) -> x < 30);
        HeatmapFigure figure =
                new HeatmapFigure(
                        "a.png",
                        RasterImage.of(300, 200, 1, new byte[60_000]),
                        List.of(map(300, 200, 2.5, 0.1, 1, 0)),
                        Optional.of(region),
                        Optional.of(region),
                        OptionalDouble.empty(),
                        HeatmapOverlay.defaults(),
                        Palette.Theme.LIGHT);

        assertThat(figure.figure().toSvg())
                .contains("<image")
                .doesNotContainPattern("(scale|matrix)\\(");
    }

    @Test
    void wrapsLongTextsAtBlanks() {
        assertThat(HeatmapLayout.wrap("iiii iiii iiii", Fonts.plain(10), 30))
                .containsExactly("iiii iiii", "iiii");
        assertThat(String.join("", HeatmapLayout.wrap("w".repeat(25), Fonts.plain(10), 60)))
                .isEqualTo("w".repeat(25));
    }

    @Test
    void refusesAMapOfAnotherImage() {
        assertRefusedNaming(
                () ->
                        HeatmapFigure.of(
                                "a",
                                RasterImage.of(31, 30, 1, new byte[930]),
                                List.of(map(30, 30, 1))),
                "31 x 30 grey image");
    }
}
