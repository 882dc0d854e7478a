package org.deepcovid.eval.report;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.eval.explain.HeatmapFigure;

/**
 * The test images whose scores are furthest from the threshold; positive images first.
 *
 * @param wrong on the wrong side of the threshold
 * @param right on the right side
 * @param explanation what the overlays show; empty if there are none
 */
record Examples(List<Example> wrong, List<Example> right, Optional<String> explanation) {

    static final int PIXELS = 160;

    /**
     * One image.
     *
     * @param image id, label and score
     * @param distance of the score from the threshold, at least 0
     * @param picture the network's square, scaled to {@value #PIXELS} pixels
     * @param evidence of the network, where there is some
     */
    record Example(
            ScoredImage image, double distance, RasterImage picture, Optional<Evidence> evidence) {}

    /**
     * Evidence of the network in one image.
     *
     * @param overlay in the same square as the picture, and as large
     * @param figure a PNG file
     */
    @SuppressWarnings("ArrayRecordComponent") // internal, never compared
    record Evidence(RasterImage overlay, byte[] figure) {

        static Evidence of(HeatmapFigure figure, Preprocessing square) {
            RasterImage overlay =
                    figure.overlay().draw(figure.image(), figure.maps().get(0), figure.lungs());
            return new Evidence(square.resizeAndCrop(overlay), figure.figure().toPng());
        }
    }

    /** Name of the figure of an image, by its position among the wrong or the right ones. */
    static String figureName(EvaluatedNetwork network, Example example) {
        Examples examples = network.examples();
        int wrong = examples.wrong().indexOf(example);
        return network.anchor()
                + (wrong >= 0
                        ? "-error-" + (wrong + 1)
                        : "-correct-" + (examples.right().indexOf(example) + 1));
    }

    /** The figures of a network as PNG files, by name. */
    static Map<String, byte[]> figures(EvaluatedNetwork network) {
        Map<String, byte[]> figures = new LinkedHashMap<>();
        Stream.of(network.examples().wrong(), network.examples().right())
                .flatMap(List::stream)
                .forEach(
                        example ->
                                example.evidence()
                                        .ifPresent(
                                                evidence ->
                                                        figures.put(
                                                                figureName(network, example),
                                                                evidence.figure())));
        return figures;
    }

    /**
     * Decodes the images it finds.
     *
     * @param mostWrong of each class
     * @param mostRight of each class
     */
    static Examples of(
            Evaluation evaluation,
            List<LabelledImage> images,
            OverlaySupplier overlays,
            int mostWrong,
            int mostRight) {
        IntPredicate isRight =
                row -> {
                    ScoredImage image = evaluation.testScores().get(row);
                    return evaluation.threshold().isReachedBy(image.positiveProbability())
                            == image.isPositive();
                };
        return new Examples(
                find(evaluation, images, overlays, isRight.negate(), mostWrong),
                find(evaluation, images, overlays, isRight, mostRight),
                overlays == OverlaySupplier.NONE
                        ? Optional.empty()
                        : Optional.of(overlays.describe()));
    }

    private static List<Example> find(
            Evaluation evaluation,
            List<LabelledImage> images,
            OverlaySupplier overlays,
            IntPredicate condition,
            int most) {
        Preprocessing square = new Preprocessing(PIXELS, evaluation.network().normalization());
        return evaluation.labels().positiveFirst().stream()
                .flatMap(
                        truth ->
                                IntStream.range(0, images.size())
                                        .filter(row -> images.get(row).label().equals(truth))
                                        .filter(condition)
                                        .boxed()
                                        .sorted(
                                                Comparator.comparingDouble(
                                                        row -> -distance(evaluation, row)))
                                        .limit(most))
                .map(
                        row ->
                                new Example(
                                        evaluation.testScores().get(row),
                                        distance(evaluation, row),
                                        square.resizeAndCrop(images.get(row).radiograph().decode()),
                                        overlays.figure(images.get(row))
                                                .map(figure -> Evidence.of(figure, square))))
                .toList();
    }

    private static double distance(Evaluation evaluation, int row) {
        return Math.abs(
                evaluation.testScores().get(row).positiveProbability()
                        - evaluation.threshold().value());
    }
}
