package org.deepcovid.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.image.Alteration;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.testing.SyntheticRadiographs;
import org.deepcovid.testing.TinyBackbone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StressTestTest {

    @TempDir Path folder;

    private static List<ScoredImage> scores(double... scores) {
        return List.of(
                new ScoredImage("a", Label.COVID, scores[0]),
                new ScoredImage("b", Label.COVID, scores[1]),
                new ScoredImage("c", Label.NON_COVID, scores[2]),
                new ScoredImage("d", Label.NON_COVID, scores[3]));
    }

    @Test
    void countsCallsThatChangeInEitherDirection() {
        StressResult result =
                StressResult.of(
                        Optional.of(Alteration.BORDER_10),
                        scores(0.9, 0.7, 0.4, 0.1),
                        scores(0.9, 0.2, 0.5, 0.1),
                        0.5);

        assertThat(result.flips().successes()).isEqualTo(2);
        assertThat(result.rates().sensitivity().orElseThrow().estimate())
                .isCloseTo(0.5, within(0.0));
        assertThat(result.rates().specificity().orElseThrow().estimate())
                .isCloseTo(0.5, within(0.0));
        assertThat(result.auc().orElseThrow().auc()).isCloseTo(0.75, within(1e-12));
        assertThat(result.name()).isEqualTo("black border of 10 %");
    }

    @Test
    void everyAlterationIsAppliedToTestImagesAndOutOfFold() throws Exception {
        Path images = SyntheticRadiographs.writeParts(folder.resolve("images"), 8, 4, 5, 1);
        DatasetSplit split = PatientSplitter.seeded(1).split(XrayDataset.read(images));
        DecisionThreshold threshold = new DecisionThreshold(0.5, "mine", "somewhere");
        try (FineTuned run =
                CovidClassifier.fineTune(
                        TinyBackbone.random(1),
                        split.fitting(),
                        FineTuneConfig.defaults().withEpochs(5).withLearningRate(0.01))) {
            CovidClassifier classifier = run.classifier(threshold);
            Evaluation evaluation = Evaluation.of(classifier, split.test());
            StressTest test = StressTest.of(classifier, evaluation);
            StressTest again = StressTest.of(classifier, evaluation);
            StressTest outOfFold = StressTest.outOfFold(run, threshold);

            assertThat(test).isEqualTo(again);
            assertThat(test.results())
                    .extracting(StressResult::alteration)
                    .startsWith(Optional.empty(), Optional.of(Alteration.BORDER_5))
                    .hasSize(1 + Alteration.STRESSES.size());
            assertThat(test.results().get(0).rates()).isEqualTo(evaluation.rates());
            assertThat(test.results().get(0).flips().successes()).isZero();
            assertThat(outOfFold.results()).hasSize(12);
            assertThat(outOfFold.results().get(0).flips().total()).isEqualTo(24);
            Path page =
                    ReportWriter.into(folder.resolve("report"), IfExists.FAIL)
                            .write(
                                    Report.of("title", "data", split)
                                            .with("net", evaluation)
                                            .withStress(test));
            assertThat(Files.readString(page)).contains("href=\"#stress\"", "5 % cut away");
            assertThat(folder.resolve("report/report.json"))
                    .content()
                    .contains("\"alteration\" : \"CROP_5\"");
            assertThat(folder.resolve("report/model-card-net.md"))
                    .content()
                    .contains("## Stress test", "mirrored");
        }
    }
}
