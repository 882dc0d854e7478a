package org.deepcovid.eval.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.eval.metrics.TestLabels.assertRefusedNaming;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.deepcovid.core.training.EpochSummary;
import org.deepcovid.eval.metrics.Bootstrap;
import org.deepcovid.eval.metrics.Clusters;
import org.deepcovid.eval.metrics.ConfusionMatrix;
import org.deepcovid.eval.metrics.ConfusionTable;
import org.deepcovid.eval.metrics.Metric;
import org.deepcovid.eval.metrics.PrecisionRecallCurve;
import org.deepcovid.eval.metrics.RocBand;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.TestLabels;
import org.deepcovid.eval.metrics.calibration.ReliabilityDiagram;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class ChartsTest {

    private static final ScoredLabels FEW = scores(300, 1);
    private static final RocCurve CURVE = RocCurve.of(FEW);
    private static final Bootstrap BOOTSTRAP = Bootstrap.seeded(1).withReplicates(50);

    /** A third of the cases is positive. */
    private static ScoredLabels scores(int size, long seed) {
        return TestLabels.overlapping(seed, size / 3, size - size / 3, 2);
    }

    private static Figure roc(ScoredLabels scores, Optional<RocBand> band) {
        RocCurve curve = RocCurve.of(scores);
        return CurveFigures.roc("roc", curve, curve.aucEstimate(), 0.4, band);
    }

    private static long pixels(Figure figure, Color colour) throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(figure.toPng()));
        int width = image.getWidth();
        return IntStream.range(0, width * image.getHeight())
                .filter(i -> image.getRGB(i % width, i / width) == colour.getRGB())
                .count();
    }

    /** Points of the longest polyline of a colour. */
    private static List<double[]> polyline(Figure figure, Palette colour) throws Exception {
        List<double[]> longest = List.of();
        for (Element path : FigureTest.elements(figure.toSvg(), "path")) {
            String data = path.getAttribute("d");
            if (data.matches("M[^A-Z]+(L[^A-Z]+)+")
                    && FigureTest.inherited(path, "class").contains("s-" + colour.cssName())) {
                List<double[]> points = new ArrayList<>();
                for (String point : data.substring(1).split("L")) {
                    String[] xy = point.strip().split(" ");
                    points.add(new double[] {Double.parseDouble(xy[0]), Double.parseDouble(xy[1])});
                }
                longest = points.size() > longest.size() ? points : longest;
            }
        }
        return longest;
    }

    @Test
    void rocFigureDescribesAreaAndOperatingPoint() {
        assertThat(roc(FEW, Optional.empty()).description())
                .contains(Charts.number(CURVE.auc()))
                .contains("threshold 0.400")
                .contains(Charts.number(CURVE.at(0.4).sensitivity()))
                .contains(Charts.number(CURVE.at(0.4).specificity()));
    }

    @Test
    void rocFigureMarksTheOperatingPointAndDrawsABandIfGiven() throws IOException {
        Figure plain = roc(FEW, Optional.empty());
        RocBand band = RocBand.of(FEW, Clusters.singletons(300), BOOTSTRAP, 11);
        Figure banded = roc(FEW, Optional.of(band));

        assertThat(pixels(plain, Palette.SECOND.colour())).isGreaterThan(100);
        assertThat(plain.toSvg()).doesNotContain("fill-opacity");
        assertThat(banded.toSvg()).contains("class=\"f-first s-first\" fill-opacity=\"0.2");
    }

    @Test
    void rocCurveRunsFromCornerToCornerOfItsUnitSquare() throws Exception {
        List<double[]> line = polyline(roc(FEW, Optional.empty()), Palette.FIRST);
        double[] first = line.get(0);
        double[] last = line.get(line.size() - 1);
        double size = last[0] - first[0];

        assertThat(first[1] - last[1]).isGreaterThan(200); // upwards
        double area = 0;
        for (int i = 1; i < line.size(); i++) {
            double width = (line.get(i)[0] - line.get(i - 1)[0]) / size;
            double height = (first[1] - (line.get(i)[1] + line.get(i - 1)[1]) / 2);
            area += width * height / (first[1] - last[1]);
        }
        assertThat(area).isCloseTo(CURVE.auc(), within(0.003));
    }

    @Test
    void hugeCurvesStaySmallFiles() {
        ScoredLabels many = scores(200_000, 2);
        PrecisionRecallCurve curve = PrecisionRecallCurve.of(many);

        assertThat(roc(many, Optional.empty()).toSvg().length()).isLessThan(100_000);
        assertThat(
                        CurveFigures.precisionRecall("pr", "covid", curve, Optional.empty())
                                .toSvg()
                                .length())
                .isLessThan(100_000);
        assertThat(CurveFigures.thresholdSweep("sweep", RocCurve.of(many), 0.5).toSvg().length())
                .isLessThan(100_000);
    }

    @Test
    void sweepIsExactAlongItsWholeWidth() throws Exception {
        Figure figure = CurveFigures.thresholdSweep("sweep", CURVE, 0.3);
        List<double[]> line = polyline(figure, Palette.FIRST);
        double left = line.get(0)[0];
        double right = line.get(line.size() - 1)[0];
        double top = line.get(0)[1]; // sensitivity 1 at threshold 0
        double bottom = line.get(line.size() - 1)[1];

        assertThat(CURVE.at(1).sensitivity()).isZero();
        for (int i = 0; i < line.size(); i++) {
            double threshold = i / (line.size() - 1.0);
            assertThat(line.get(i)[0]).isCloseTo(left + threshold * (right - left), within(0.11));
            double drawn = (bottom - line.get(i)[1]) / (bottom - top);
            assertThat(drawn).isCloseTo(CURVE.at(threshold).sensitivity(), within(1e-3));
        }
        assertThat(figure.description()).contains(Charts.number(CURVE.at(0.3).specificity()));
    }

    @Test
    void everyComparedNetworkHasItsOwnColourAndDash() {
        Map<String, RocCurve> curves = new LinkedHashMap<>();
        for (int i = 0; i < 4; i++) {
            curves.put("net " + i, RocCurve.of(scores(200, 10 + i)));
        }
        String svg = CurveFigures.comparedRocs("all", curves).toSvg();

        for (int i = 0; i < 4; i++) {
            assertThat(svg).containsPattern("class=\"[^\"]*s-" + Palette.series(i).cssName());
        }
        assertThat(svg)
                .contains("stroke-dasharray=\"7,4\"", "stroke-dasharray=\"9,4,1.5,4\"")
                .contains("stroke-dasharray=\"1.5,4\"");
        assertThat(CurveFigures.comparedRocs("all", curves).description())
                .contains("net 0: AUC", "net 3: AUC");
    }

    @Test
    void coloursAndDashesTogetherRepeatAfterSixteenCurves() {
        assertThat(IntStream.range(0, 16).mapToObj(i -> Palette.series(i) + "" + Charts.dash(i)))
                .doesNotHaveDuplicates();
        assertThat(CurveFigures.rocsByLabel("all", Map.of("Sick", CURVE)).description())
                .contains("each label against all others", "Sick: AUC");
    }

    @Test
    void precisionRecallFigureStatesItsAverageAndNoSkill() {
        PrecisionRecallCurve curve = PrecisionRecallCurve.of(FEW);
        Optional<Bootstrap.Estimate> average =
                BOOTSTRAP.estimate(Metric.averagePrecision(), FEW, Clusters.singletons(300));

        assertThat(CurveFigures.precisionRecall("pr", "covid", curve, average).description())
                .containsPattern("average precision 0\\.\\d{3} \\[0\\.\\d{3}, 0\\.\\d{3}\\]")
                .contains("(prevalence) 0.333");
    }

    @Test
    void descriptionOfTheCalibrationFigureListsEveryBin() {
        ReliabilityDiagram diagram =
                ReliabilityDiagram.of(FEW, ReliabilityDiagram.Binning.EQUAL_WIDTH, 5);

        String text = SummaryFigures.calibration("calibration", "covid", diagram).description();

        assertThat(diagram.bins())
                .map(bin -> bin.observed().successes() + " of " + bin.observed().total())
                .allMatch(text::contains);
    }

    @Test
    void histogramHasOnePanelPerGroupWithItsCounts() throws IOException {
        Map<String, ScoredLabels> groups = new LinkedHashMap<>();
        groups.put("COVID-19", FEW.where(FEW::isPositive).orElseThrow());
        groups.put("normal", FEW.where(row -> !FEW.isPositive(row)).orElseThrow());
        Figure two = SummaryFigures.histograms("h", groups, 0.5);
        groups.remove("normal");
        Figure one = SummaryFigures.histograms("h", groups, 0.5);

        assertThat(two.height()).isGreaterThan(one.height() + 100);
        assertThat(two.description()).contains("COVID-19: 100 images", "normal: 200 images");
        assertThat(pixels(two, Palette.FIRST.colour())).isGreaterThan(5000);
        assertRefusedNaming(() -> SummaryFigures.histograms("h", Map.of(), 0.5), "0 groups");
    }

    @Test
    void histogramOfEqualScoresIsOneBar() {
        ScoredLabels same = FEW.withScores(ScoredLabels.Scale.PROBABILITY, score -> 1.0);

        assertThat(SummaryFigures.histograms("h", Map.of("all", same), 0.5).description())
                .contains("300 of them at or above");
    }

    @Test
    void confusionFigureDescribesAllFourCounts() {
        Figure figure = confusion(new ConfusionMatrix(11, 12, 13, 14));

        assertThat(figure.description())
                .isEqualTo(
                        "Of 25 Sick images are called: 11 Sick, 14 well. Of 25 well images are"
                                + " called: 12 Sick, 13 well.");
        assertThat(figure.caption()).startsWith("Counts at the threshold;");
        assertThat(confusion(new ConfusionMatrix(0, 1, 0, 0)).toSvg()).contains("<path");
    }

    private static Figure confusion(ConfusionMatrix counts) {
        ConfusionTable table = ConfusionTable.of("Sick", "well", counts);
        return SummaryFigures.confusion("c", "Confusion matrix", "at the threshold", table);
    }

    @Test
    void confusionFigureGrowsWithTheNumberOfLabels() throws Exception {
        List<String> names = IntStream.range(0, 7).mapToObj(i -> "a very long label " + i).toList();
        List<List<Integer>> ones = Collections.nCopies(7, Collections.nCopies(7, 1));
        Figure figure =
                SummaryFigures.confusion("c", "All", "by label", new ConfusionTable(names, ones));

        assertThat(ImageIO.read(new ByteArrayInputStream(figure.toPng())).getWidth())
                .isGreaterThan(7 * 2 * 90);
        assertThat(figure.description()).contains("Of 7 a very long label 6 images are called: 1");
    }

    @Test
    void trainingFigureMarksTheKeptEpoch() throws IOException {
        List<EpochSummary> history =
                List.of(
                        new EpochSummary(1, 0.7, 0.8),
                        new EpochSummary(2, 0.5, 0.6),
                        new EpochSummary(3, 0.4, 0.65));
        Figure figure = CurveFigures.training("t", history, 2);

        assertThat(figure.description())
                .contains("epoch 2 of 3")
                .contains("validation loss of 0.600");
        assertThat(CurveFigures.training("t", history.subList(0, 1), 1).toPng()).isNotEmpty();
        assertRefusedNaming(
                () -> CurveFigures.training("t", history, 4), "chosenEpoch is 4; expected 1 to 3");
    }

    @Test
    void publishedFigureSetsBothAreasSideBySide() {
        SummaryFigures.AreaPair pair =
                new SummaryFigures.AreaPair("SqueezeNet", 0.992, CURVE.aucEstimate());
        Figure figure = SummaryFigures.publishedAreas("p", List.of(pair));

        assertThat(figure.description())
                .contains("SqueezeNet: published 0.992, found " + Charts.number(CURVE.auc()));
        assertThat(figure.toSvg()).contains("f-second", "f-first");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SummaryFigures.publishedAreas("p", List.of()));
    }

    @Test
    void thumbnailsGrowByRowsAndKeepTheirCaptions() {
        BufferedImage picture = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
        SummaryFigures.Thumbnail tile =
                new SummaryFigures.Thumbnail(
                        picture, "a caption that is far too long for its tile");
        Figure three = SummaryFigures.thumbnails("e", "Errors", List.of(tile, tile, tile));
        Figure four = SummaryFigures.thumbnails("e", "Errors", List.of(tile, tile, tile, tile));

        assertThat(four.height()).isGreaterThan(three.height() + 100);
        assertThat(three.description()).contains("far too long for its tile");
        assertThat(three.toSvg().split("<image", -1)).hasSize(4);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SummaryFigures.thumbnails("e", "Errors", List.of()));
    }
}
