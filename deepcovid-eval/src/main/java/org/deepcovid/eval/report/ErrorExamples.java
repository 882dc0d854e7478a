package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.image.RasterImage;

/** Finds the images whose scores are furthest on one side of the threshold. */
final class ErrorExamples {

    static final int PIXELS = 160;

    private ErrorExamples() {}

    /** Which side of the threshold. */
    enum Side {
        WRONG,
        RIGHT
    }

    /**
     * The most confident calls of each class.
     *
     * @param most of each class; COVID images come first
     */
    static List<ErrorExample> find(
            Evaluation evaluation,
            List<LabelledImage> images,
            OverlaySupplier overlays,
            Side side,
            int most) {
        Preprocessing square = new Preprocessing(PIXELS, evaluation.network().normalization());
        List<ErrorExample> found = new ArrayList<>();
        for (Label truth : List.of(Label.COVID, Label.NON_COVID)) {
            IntStream.range(0, images.size())
                    .filter(row -> evaluation.testScores().get(row).truth().equals(truth))
                    .filter(row -> side(evaluation, row) == side)
                    .boxed()
                    .sorted(Comparator.comparingDouble(row -> -distance(evaluation, row)))
                    .limit(most)
                    .forEach(
                            row -> {
                                RasterImage picture =
                                        square.resizeAndCrop(images.get(row).radiograph().decode());
                                found.add(
                                        new ErrorExample(
                                                evaluation.testScores().get(row),
                                                distance(evaluation, row),
                                                picture,
                                                overlays.overlay(images.get(row))
                                                        .map(square::resizeAndCrop)));
                            });
        }
        return found;
    }

    private static Side side(Evaluation evaluation, int row) {
        ScoredImage image = evaluation.testScores().get(row);
        return evaluation.threshold().apply(image.covidProbability()).equals(image.truth())
                ? Side.RIGHT
                : Side.WRONG;
    }

    private static double distance(Evaluation evaluation, int row) {
        return Math.abs(
                evaluation.testScores().get(row).covidProbability()
                        - evaluation.threshold().value());
    }
}
