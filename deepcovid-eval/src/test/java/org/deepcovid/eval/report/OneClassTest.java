package org.deepcovid.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.eval.metrics.TestLabels.assertRefusedNaming;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.eval.metrics.Proportion;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Test images of one class only, such as healthy people of another hospital. */
class OneClassTest {

    @TempDir Path folder;

    private DatasetSplit split(LabelSet labels, String only) {
        DatasetSplit all = Reports.split(folder, 20, labels);
        List<LabelledImage> test =
                all.test().stream().filter(i -> i.label().name().equals(only)).toList();
        return new DatasetSplit(labels, all.training(), all.validation(), test);
    }

    @ParameterizedTest
    @CsvSource({
        "non, none, specificity, sensitivity",
        "covid, every one, sensitivity, specificity"
    })
    void reportsTheRateThatOneClassCanTell(String only, String share, String rate, String otherRate)
            throws IOException {
        DatasetSplit split = split(LabelSet.COVID, only);
        Evaluation evaluation = Reports.evaluation(split, 1);
        String reason =
                "One class only: %s of the 20 test images is covid. Such images tell the %s"
                        .formatted(share, rate);
        Proportion found =
                (rate.equals("sensitivity")
                                ? evaluation.rates().sensitivity()
                                : evaluation.rates().specificity())
                        .orElseThrow();
        Report report =
                Reports.empty(split)
                        .withPublished(PublishedResult.deepCovid())
                        .with("a", evaluation)
                        .with("b", Reports.evaluation(split, 2));
        Path page = ReportWriter.into(folder.resolve("report"), IfExists.FAIL).write(report);

        assertThat(evaluation.toText())
                .contains(rate, "score, median", reason.substring(0, reason.indexOf(". ")))
                .doesNotContain(otherRate + "  ", "predictive value  ", "average precision");
        assertThat(Files.readString(page))
                .contains(reason, Format.rate(found), "Spread of the scores")
                .doesNotContain("id=\"published\"", "Few patients", "Confounded", "Calibration of");
        assertThat(Files.readString(page.resolveSibling("model-card-a.md")))
                .contains(reason, rate + ", patients resampled", "score, median")
                .contains("| " + otherRate + " | none |")
                .doesNotContain("Brier");
        JsonNode network =
                new ObjectMapper()
                        .readTree(page.resolveSibling("report.json").toFile())
                        .path("networks")
                        .path(0);
        assertThat(network.path("rates").path(rate).path("count").asInt())
                .isEqualTo(found.successes());
        assertThat(network.path("byPatient").path(rate).path("lower").isNumber()).isTrue();
        assertThat(List.of("auc", "averagePrecision", "calibration", "roc", "precisionRecall"))
                .allMatch(field -> network.get(field).isNull());
        assertThat(network.path("rates").path("positivePredictiveValue").isNull()).isTrue();
        assertThat(network.path("scoreSpread"))
                .isNotEmpty()
                .allMatch(group -> group.path("median").isNumber());
        assertThat(report.comparison())
                .contains(
                        "20 images, ", (only.equals("non") ? "other" : only) + " images that only")
                .doesNotContain("DeLong)");
        assertRefusedNaming(evaluation::roc, "ROC needs both classes");
    }

    @Test
    void severalLabelsOfTheNegativeClassAreToldApart() {
        LabelSet labels = Reports.labels("normal", "pneumonia", "covid");
        DatasetSplit normal = split(labels, "normal");
        DatasetSplit all = Reports.split(folder, 20, labels);
        DatasetSplit negative =
                new DatasetSplit(
                        labels,
                        List.of(),
                        List.of(),
                        all.test().stream()
                                .filter(i -> !i.label().equals(labels.positive()))
                                .toList());

        assertThat(Reports.evaluation(normal, 1).toText())
                .contains("specificity")
                .doesNotContain("most likely label");
        assertThat(Reports.evaluation(negative, 1).toText())
                .contains("One class only: none of the 40", "most likely label");
        assertThat(
                        ReportModel.of(
                                        Reports.empty(negative)
                                                .with("a", Reports.evaluation(negative, 1)))
                                .hasManyLabels())
                .isTrue();
    }

    @Test
    void quantilesOfScoresAreInterpolated() {
        double[] scores = {0.5, 0.1, 0.2, 0.4, 0.3};
        Map<String, Double> spread =
                ScoreSpread.of(ScoredLabels.ofProbabilities(new boolean[5], scores));

        assertThat(spread).containsEntry("lowest", 0.1).containsEntry("highest", 0.5);
        assertThat(spread.get("5 %")).isEqualTo(0.12, within(1e-12));
        assertThat(spread.get("median")).isEqualTo(0.3);
        assertThat(ScoreSpread.of(ScoredLabels.ofProbabilities(new boolean[1], new double[] {0.7})))
                .containsEntry("5 %", 0.7);
    }
}
