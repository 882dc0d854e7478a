package org.deepcovid.benchmarks.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepcovid.benchmarks.pretrain.PretrainingPlan.Stage;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.SplitPart;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.image.Augmentation;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.models.Backbones;
import org.deepcovid.testing.SyntheticRadiographs;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

class PretrainingTest {

    private static final PretrainingPlan PLAN =
            new PretrainingPlan(
                    1,
                    List.of(new Stage(64, 6), new Stage(80, 2)),
                    6,
                    1e-3,
                    2,
                    2,
                    Augmentation.defaults());

    @TempDir static Path data;
    @TempDir Path folder;
    private static List<LabelledImage> radiographs;

    /** What stops a run as a kill would. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @BeforeAll
    static void drawImages() {
        SyntheticRadiographs.writeParts(data, 4, 2, 2, 1);
        radiographs =
                XrayDataset.read(data).images().stream()
                        .filter(image -> image.part().equals(Optional.of(SplitPart.TRAIN)))
                        .toList();
    }

    private static PretrainingImages images(PretrainingPlan plan) {
        return PretrainingImages.load(radiographs, plan, Normalization.TORCH);
    }

    private Map<String, INDArray> trained(String run, Pretraining.Listener listener) {
        try (Backbone backbone = Backbones.untrained("squeezenet", PLAN.seed())) {
            Path checkpoint = folder.resolve("run.checkpoint");
            Pretraining.run(backbone, images(PLAN), PLAN, checkpoint, run, listener, 3);
            assertThat(checkpoint).doesNotExist();
            Map<String, INDArray> parameters = new LinkedHashMap<>();
            backbone.parameters().forEach((name, array) -> parameters.put(name, array.dup()));
            return parameters;
        }
    }

    @Test
    void anInterruptedRunEndsAsAnUninterruptedOne() {
        Map<String, INDArray> expected = trained("a run", (step, loss) -> {});

        assertThatThrownBy(() -> trained("a run", PretrainingTest::killAtFive))
                .isInstanceOf(Killed.class);
        assertThat(folder.resolve("run.checkpoint")).isNotEmptyFile();
        List<Integer> steps = new ArrayList<>();
        Map<String, INDArray> resumed = trained("a run", (step, loss) -> steps.add(step));

        assertThat(steps).containsExactly(4, 5, 6, 7, 8);
        assertThat(resumed).isEqualTo(expected);
        try (Backbone untrained = Backbones.untrained("squeezenet", PLAN.seed())) {
            assertThat(resumed).isNotEqualTo(untrained.parameters());
        }
    }

    private static void killAtFive(int step, double loss) {
        if (step == 5) {
            throw new Killed();
        }
    }

    @Test
    void aCheckpointOfAnotherRunIsRefused() {
        assertThatThrownBy(() -> trained("one run", PretrainingTest::killAtFive))
                .isInstanceOf(Killed.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> trained("another run", (step, loss) -> {}))
                .withMessageContaining("run.checkpoint is of another run")
                .withMessageContaining("delete it");
    }

    @Test
    void batchesHoldAllClassesAlikeAndDependOnTheStepAlone() {
        PretrainingImages images = images(PLAN);
        assertThat(images.classNames())
                .containsExactly(
                        "phantom: COVID-19",
                        "phantom: No Finding",
                        "phantom: Pneumonia",
                        "radiograph: covid",
                        "radiograph: non");
        assertThat(images.counts()).containsEntry("radiograph: covid", 4);

        PretrainingImages.Batch batch = images.batch(6);
        assertThat(batch.size()).isEqualTo(80);
        assertThat(batch.pixels()).hasSize(6 * 3 * 80 * 80);
        assertThat(batch.labels()).hasSize(6).contains(0, 1, 2, 3, 4);
        assertThat(images(PLAN).batch(6).pixels()).isEqualTo(batch.pixels());
        assertThat(images.batch(7).pixels()).isNotEqualTo(batch.pixels());
    }

    @Test
    void learningRateRisesThenFalls() {
        PretrainingPlan plan =
                new PretrainingPlan(
                        1, List.of(new Stage(64, 100)), 1, 0.01, 9, 0, Augmentation.none());
        assertThat(plan.learningRateAt(0)).isCloseTo(0.001, within(1e-6));
        assertThat(plan.learningRateAt(50)).isCloseTo(0.00505, within(1e-6));
        assertThat(plan.learningRateAt(99)).isBetween(0.0001, 0.00011);
        assertThat(plan.inputSizeAt(99)).isEqualTo(64);
        assertThatIllegalArgumentException().isThrownBy(() -> plan.inputSizeAt(100));
    }

    @Test
    void badPlansAreRefused() {
        assertThat(Stage.parse("112x800")).isEqualTo(new Stage(112, 800)).hasToString("112x800");
        for (String text : List.of("112", "x", "112x", "a112x8", "32x5", "112x0")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Stage.parse(text))
                    .withMessageContaining("stage");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new PretrainingPlan(1, List.of(), 1, 0.01, 0, 0, Augmentation.none()))
                .withMessageContaining("0 stages");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new PretrainingPlan(
                                        1, PLAN.stages(), 1, 2, 0, 0, Augmentation.none()))
                .withMessageContaining("learningRate is 2.0");
    }

    @Test
    void featuresAreBroughtToTheirSizeAndKeepTheirDirection() {
        try (Backbone backbone = Backbones.untrained("squeezenet", 2)) {
            double before = FeatureScale.rootMeanSquare(backbone, radiographs);
            double factor = FeatureScale.apply(backbone, radiographs);
            assertThat(factor).isCloseTo(FeatureScale.TARGET / before, within(1e-6));
            assertThat(FeatureScale.rootMeanSquare(backbone, radiographs))
                    .isCloseTo(FeatureScale.TARGET, within(1e-3));
        }
    }
}
