package org.deepcovid.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.inference.Precision;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.core.training.PrecisionCheck;
import org.deepcovid.core.training.RunOptions;
import org.deepcovid.core.training.TrainableLayers.LastStage;
import org.deepcovid.models.Backbones;
import org.deepcovid.testing.SharedData;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Bfloat16ClassifierTest {

    private static final RunOptions OPTIONS =
            RunOptions.defaults().withPrecision(Optional.of(Precision.BFLOAT16));

    @TempDir Path folder;

    @BeforeEach
    void bfloat16RunsHere() {
        assumeTrue(
                new OneDnnCompiler().supports(Precision.BFLOAT16),
                "bfloat16 does not run on this processor");
    }

    @Test
    void aClassifierKeepsItsPrecisionAndWhatItChanges() {
        DatasetSplit split = split();
        LabelledImage image = split.test().get(0);
        Path file = folder.resolve("a.deepcovid");
        double score;
        try (FineTuned run =
                CovidClassifier.fineTune(
                        Backbones.bundled(),
                        split.fitting(),
                        FineTuneConfig.defaults().withEpochs(5),
                        OPTIONS)) {
            CovidClassifier classifier = run.classifier();
            assertThat(classifier.precision()).isEqualTo(Precision.BFLOAT16);
            PrecisionCheck check = classifier.provenance().precisionCheck().orElseThrow();
            assertThat(check.images()).isBetween(20, 80);
            assertThat(check.largestChange()).isGreaterThan(0);
            assertThat(check.meanChange()).isBetween(1e-6, PrecisionCheck.MAX_MEAN_CHANGE);
            assertThat(run.precisionFlips(0.5)).isPresent();
            score = classifier.predict(image.file()).positiveProbability();
            classifier.save(file);
        }
        try (CovidClassifier loaded = CovidClassifier.load(file);
                CovidClassifier single = CovidClassifier.load(file, Precision.FLOAT32)) {
            assertThat(loaded.precision()).isEqualTo(Precision.BFLOAT16);
            assertThat(loaded.predict(image.file()).positiveProbability()).isEqualTo(score);
            assertThat(single.precision()).isEqualTo(Precision.FLOAT32);
            assertThat(single.predict(image.file()).positiveProbability())
                    .isNotEqualTo(score)
                    .isCloseTo(score, within(0.1));
        }
    }

    @Test
    void layersAreTrainedInFloat32() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                CovidClassifier.fineTune(
                                        Backbones.bundled(),
                                        split().fitting(),
                                        FineTuneConfig.defaults().withTrainable(new LastStage()),
                                        OPTIONS))
                .withMessageContaining("layers are trained in float32 only");
    }

    /** 40 images of each label. */
    private static DatasetSplit split() {
        XrayDataset all = XrayDataset.read(SharedData.path("data/cxr-1k"));
        List<LabelledImage> few =
                all.labels().labels().stream()
                        .flatMap(
                                label ->
                                        all.images().stream()
                                                .filter(image -> image.label().equals(label))
                                                .limit(40))
                        .map(image -> image.withPart(Optional.empty()))
                        .toList();
        return PatientSplitter.seeded(7).split(new XrayDataset(all.root(), all.labels(), few));
    }
}
