package org.deepcovid.eval.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.Decisions;
import org.deepcovid.core.LabelSets;
import org.deepcovid.core.ReviewRange;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelledImage;
import org.junit.jupiter.api.Test;

class AnswerResultsTest {

    private final List<LabelledImage> images = new ArrayList<>();
    private final List<ScoredImage> scores = new ArrayList<>();

    private void add(String source, Label label, double... scoresOfImages) {
        for (double score : scoresOfImages) {
            String id = "image " + images.size();
            images.add(
                    new LabelledImage(
                            id,
                            Path.of(id),
                            label,
                            id,
                            Optional.empty(),
                            Map.of("source", source)));
            scores.add(new ScoredImage(id, label, score));
        }
    }

    /** Sets of 19 scores a label: the second lowest, 0.62 of its own label, is the limit at 0.9. */
    private Evaluation evaluation(Optional<ReviewRange> review) {
        List<ScoredImage> fitting =
                IntStream.range(0, 38)
                        .mapToObj(
                                i ->
                                        new ScoredImage(
                                                "fitting " + i,
                                                i < 19 ? Label.COVID : Label.NON_COVID,
                                                i < 19 ? 0.61 + i * 0.01 : 0.39 - (i - 19) * 0.01))
                        .toList();
        return new Evaluation(
                Reports.spec("squeezenet-1.1"),
                Reports.provenance(true, 3),
                new Decisions(
                        Optional.empty(),
                        Optional.of(new DecisionThreshold(0.5, "a rule", "38 images", review)),
                        Optional.of(LabelSets.of(fitting, "38 images")),
                        List.of()),
                images,
                scores,
                List.of());
    }

    @Test
    void setsAreCountedByLabelAndSource() {
        add("here", Label.COVID, 0.9, 0.7, 0.615);
        add("there", Label.COVID, 0.2, 0.55, 0.3, 0.1, 0.2, 0.3, 0.5, 0.1, 0.2, 0.3);
        add("there", Label.NON_COVID, 0.1, 0.7);

        AnswerResults results = AnswerResults.of(evaluation(Optional.empty()));

        assertThat(results.coverage())
                .extracting(
                        g ->
                                "%s %s, %d single, %d empty"
                                        .formatted(
                                                g.group(),
                                                Format.counts(g.held()),
                                                g.single(),
                                                g.empty()))
                .containsExactly(
                        "covid 2 of 13, 10 single, 3 empty",
                        "non 1 of 2, 2 single, 0 empty",
                        "covid of here 2 of 3, 2 single, 1 empty",
                        "covid of there 0 of 10, 8 single, 2 empty",
                        "non of there 1 of 2, 2 single, 0 empty");
        assertThat(results.reviews()).isEmpty();
        assertThat(results.toText()).contains("sets of labels at a confidence of 0.9");
    }

    @Test
    void aMissedConfidenceAndTooFewImagesAreWarnings() {
        add("there", Label.COVID, 0.2, 0.3, 0.1, 0.2, 0.3, 0.1, 0.2, 0.3);
        add("there", Label.NON_COVID, 0.1, 0.2);

        Evaluation evaluation = evaluation(Optional.empty());

        assertThat(evaluation.warnings())
                .filteredOn(warning -> warning.kind() == Warning.Kind.COVERAGE)
                .singleElement()
                .asString()
                .contains("covid 0.0 %", "covid of there 0.0 %", "not exchangeable");
        assertThat(evaluation.withConfidence(0.96).warnings())
                .filteredOn(warning -> warning.kind() == Warning.Kind.FEW_FOR_CONFIDENCE)
                .singleElement()
                .asString()
                .contains("covid (19)", "confidence of 0.96");
        assertThat(evaluation.warnings())
                .noneMatch(warning -> warning.kind() == Warning.Kind.FEW_FOR_CONFIDENCE);
    }

    @Test
    void reviewsLeaveTheCertainCalls() {
        add("here", Label.COVID, 0.9, 0.7, 0.45, 0.1);
        add("here", Label.NON_COVID, 0.1, 0.55, 0.2, 0.3, 0.8);

        AnswerResults.Reviews reviews =
                AnswerResults.of(evaluation(Optional.of(new ReviewRange(0.4, 0.6, "wide"))))
                        .reviews()
                        .orElseThrow();

        assertThat(Format.counts(reviews.all())).isEqualTo("2 of 9");
        assertThat(Format.counts(reviews.positives().orElseThrow())).isEqualTo("1 of 4");
        assertThat(Format.counts(reviews.answered().orElseThrow().sensitivity().orElseThrow()))
                .isEqualTo("2 of 3");
        assertThat(Format.counts(reviews.answered().orElseThrow().specificity().orElseThrow()))
                .isEqualTo("3 of 4");
    }
}
