package org.deepcovid.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepcovid.testing.Failures.assertRejects;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.Decisions;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.eval.decision.CalibrationChoice;
import org.deepcovid.eval.decision.DecisionPolicy;
import org.deepcovid.eval.metrics.ConfusionMatrix;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.ThresholdRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecalibratedTest {

    private static final Decisions OLD =
            Decisions.of(new DecisionThreshold(0.5, "fixed", "elsewhere"));
    private static final DecisionPolicy PLATT =
            DecisionPolicy.of(ThresholdRule.sensitivityAtLeast(0.9))
                    .withCalibration(CalibrationChoice.PLATT);

    @TempDir Path folder;
    private final List<LabelledImage> images = new ArrayList<>();
    private final List<ScoredImage> raw = new ArrayList<>();

    /** Images whose logits are shifted by 3 and whose spread is 3 times that of their log odds. */
    private void sample(int size, double skill) throws IOException {
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < size; i++) {
            String id = "image %03d".formatted(i);
            Path file = Files.write(folder.resolve(id), new byte[i + 1]);
            Label label = i % 3 == 0 ? Label.COVID : Label.NON_COVID;
            double odds = (label.equals(Label.COVID) ? skill : -skill) + random.nextDouble(-2, 2);
            images.add(new LabelledImage(id, file, label, id, Optional.empty(), Map.of()));
            raw.add(new ScoredImage(id, label, 1 / (1 + Math.exp(-3 * odds - 3))));
        }
    }

    private Recalibrated recalibrated(DecisionPolicy policy) {
        return Recalibrated.onScores(OLD, raw, images, policy, 1);
    }

    @Test
    void aShiftedSourceIsCalibratedAndTheCurveSaysHowManyImagesAreEnough() throws IOException {
        sample(640, 1.2);
        Recalibrated result = recalibrated(PLATT);

        assertThat(result.folds()).isEqualTo(10);
        assertThat(result.after().expectedError().orElseThrow().value())
                .isLessThan(
                        result.before().orElseThrow().expectedError().orElseThrow().value() / 2);
        assertThat(result.after().line().orElseThrow().slope().interval().contains(1)).isTrue();
        assertThat(result.curve())
                .extracting(LearningCurve.Step::images)
                .containsExactly(10, 20, 40, 80, 160, 320);
        assertThat(result.curve().get(4).logLoss()).isLessThan(result.curve().get(0).logLoss());
        assertThat(result.enough().orElseThrow()).isBetween(20, 320);
        assertThat(result.warnings()).isEmpty();
        assertThat(result.toText()).contains("by cross-validation in 10 folds", "Enough here: ");
        assertThat(recalibrated(PLATT)).isEqualTo(result);
    }

    /** The threshold reaches a sensitivity of 1 on the sample, which is no estimate. */
    @Test
    void resultsAfterAreOfFoldsThatWereNotChosenOn() throws IOException {
        sample(100, 0);
        Recalibrated result = recalibrated(DecisionPolicy.of(ThresholdRule.sensitivityAtLeast(1)));

        double threshold = result.decisions().threshold().orElseThrow().value();
        assertThat(ConfusionMatrix.at(ScoredLabels.of(raw), threshold).falseNegatives()).isZero();
        assertThat(result.after().rates().counts().falseNegatives()).isPositive();
        assertThat(result.after().rates().counts().total()).isEqualTo(100);
        assertThat(result.warnings()).extracting(Warning::kind).contains(Warning.Kind.NO_SKILL);
    }

    @Test
    void aSampleThatIsTooSmallIsAWarningOrRefused() throws IOException {
        sample(24, 0.8);
        assertThat(recalibrated(PLATT).warnings())
                .extracting(Warning::kind)
                .containsExactly(Warning.Kind.SMALL_SAMPLE);
        images.subList(1, 24).clear();
        raw.subList(1, 24).clear();
        assertRejects(
                () -> recalibrated(PLATT),
                "the sample of 1 images cannot be divided",
                "expected at least two patients of each of [non, covid]");
    }
}
