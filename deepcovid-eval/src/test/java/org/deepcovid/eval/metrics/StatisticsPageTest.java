package org.deepcovid.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Runs the code of docs/statistics.md. */
class StatisticsPageTest {

    private final boolean[] validationTruth = TestLabels.truth("1101001000");
    private final double[] validationScores = {.9, .8, .7, .6, .5, .4, .35, .2, .1, .05};
    private final boolean[] testTruth = TestLabels.truth("1011000000");
    private final double[] testScores = {.95, .7, .6, .5, .45, .4, .3, .2, .1, .05};
    private final List<String> testPatients =
            List.of("a", "b", "c", "c", "d", "e", "f", "f", "g", "h");

    @Test
    void exampleRuns() {
        ScoredLabels validation = ScoredLabels.ofProbabilities(validationTruth, validationScores);
        ScoredLabels test = ScoredLabels.ofProbabilities(testTruth, testScores);

        RocCurve roc = RocCurve.of(test);
        AucEstimate auc = roc.aucEstimate();

        double threshold =
                ThresholdRule.sensitivityAtLeast(0.98)
                        .choose(RocCurve.of(validation))
                        .orElseThrow();
        BinaryRates rates = BinaryRates.of(ConfusionMatrix.at(test, threshold));
        Optional<Proportion> sensitivity = rates.sensitivity();

        Optional<Bootstrap.Estimate> byPatient =
                Bootstrap.seeded(7).estimate(Metric.auc(), test, Clusters.byName(testPatients));

        assertThat(auc.auc()).isEqualTo(19 / 21.0);
        assertThat(threshold).isEqualTo(0.275);
        assertThat(sensitivity).contains(Proportion.of(3, 3));
        assertThat(byPatient.orElseThrow().value()).isEqualTo(auc.auc());
    }

    @Test
    void pageShowsTheCodeThatRuns() throws IOException {
        List<String> page = Files.readAllLines(Path.of("..", "docs", "statistics.md"));
        String source =
                words(
                        Files.readString(
                                Path.of(
                                        "src/test/java/org/deepcovid/eval/metrics",
                                        "StatisticsPageTest.java")));
        List<String> shown = new ArrayList<>();
        boolean inside = false;
        for (String line : page) {
            if (line.startsWith("```")) {
                inside = line.equals("```java");
            } else if (inside) {
                shown.add(line);
            }
        }

        assertThat(shown).hasSizeGreaterThan(5);
        assertThat(source).contains(words(String.join("\n", shown)));
    }

    private static String words(String text) {
        return text.replaceAll("\\s+", "");
    }
}
