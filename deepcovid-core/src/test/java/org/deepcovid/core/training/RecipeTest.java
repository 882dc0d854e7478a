package org.deepcovid.core.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.testing.Failures.assertRejects;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.Augmentation;
import org.deepcovid.core.image.ImageRequest;
import org.deepcovid.core.image.ResizedCrop;
import org.deepcovid.core.image.Standardization;
import org.deepcovid.core.training.AugmentationPlan.EveryImage;
import org.deepcovid.core.training.AugmentationPlan.PositiveCopies;
import org.deepcovid.core.training.LearningRateSchedule.Constant;
import org.deepcovid.core.training.LearningRateSchedule.StepDecay;
import org.deepcovid.core.training.Optimizer.Adam;
import org.deepcovid.core.training.Optimizer.SgdMomentum;
import org.junit.jupiter.api.Test;

class RecipeTest {

    private static final LabelledImage COVID = image("c", Label.COVID);
    private static final LabelledImage NON = image("n", Label.NON_COVID);

    private static LabelledImage image(String id, Label label) {
        return new LabelledImage(id, Path.of(id), label, id, Optional.empty(), Map.of());
    }

    @Test
    void defaultsAreThePapersRecipe() {
        FineTuneConfig paper = FineTuneConfig.defaults();

        assertThat(paper.optimizer()).isEqualTo(new Adam());
        assertThat(paper.schedule()).isEqualTo(new Constant());
        assertThat(paper.learningRateAt(1)).isEqualTo(1e-4);
        assertThat(paper.learningRateAt(100)).isEqualTo(1e-4);
        assertThat(paper.batchSize()).isEqualTo(20);
        assertThat(paper.epochs()).isEqualTo(100);
        assertThat(paper.augmentationPlan())
                .isEqualTo(new PositiveCopies(5, Augmentation.defaults()));
        assertThat(paper.balance()).isEqualTo(ClassBalance.WEIGHTED_LOSS);
    }

    @Test
    void releasedScriptDecaysItsLearningRateAfterEverySeventhEpoch() {
        FineTuneConfig script = FineTuneConfig.releasedScript();

        assertThat(script.optimizer()).isEqualTo(new SgdMomentum(0.9));
        assertThat(script.balance()).isEqualTo(ClassBalance.NONE);
        assertThat(script.augmentation().crop()).contains(ResizedCrop.torchvision());
        assertThat(script.augmentation().horizontalFlipProbability()).isEqualTo(0.5);
        assertThat(script.augmentation().maxRotationDegrees()).isZero();
        assertThat(script.learningRateAt(7)).isEqualTo(1e-4);
        assertThat(script.learningRateAt(8)).isCloseTo(1e-5, within(1e-18));
        assertThat(script.learningRateAt(14)).isCloseTo(1e-5, within(1e-18));
        assertThat(script.learningRateAt(15)).isCloseTo(1e-6, within(1e-19));
    }

    @Test
    void robustIsThePapersRecipeOnStandardisedImages() {
        FineTuneConfig robust = FineTuneConfig.robust();

        assertThat(robust.standardization()).isEqualTo(Standardization.TRIM_AND_LEVELS);
        assertThat(robust.withStandardization(Standardization.NONE))
                .isEqualTo(FineTuneConfig.defaults());
    }

    @Test
    void theCosineRisesInTheWarmUpFallsAndNeverEnds() {
        LearningRateSchedule schedule = LearningRateSchedule.cosineDecay(3, 11);
        double[] expected = {0.25, 0.5, 0.75, 1, 0.9619397662556434, 0.8535533905932737};
        for (int epoch = 1; epoch <= expected.length; epoch++) {
            assertThat(schedule.factorAt(epoch)).isCloseTo(expected[epoch - 1], within(1e-12));
        }
        assertThat(schedule.factorAt(11)).isCloseTo(0.03806023374435663, within(1e-12));
        assertThat(schedule.factorAt(12)).isEqualTo(schedule.factorAt(11));
        assertThat(LearningRateSchedule.cosineDecay(0, 1).factorAt(1)).isEqualTo(1);
        assertThat(schedule.describe()).contains("over 11 epochs", "first 3");
    }

    @Test
    void positiveCopiesChangeTheFurtherFormsOfPositivesOnly() {
        PositiveCopies plan = new PositiveCopies(3, Augmentation.defaults());
        SplittableRandom seeds = new SplittableRandom(1);

        List<ImageRequest> covid = plan.views(COVID, true, seeds);
        assertThat(covid).hasSize(3);
        assertThat(covid.get(0).change()).isEmpty();
        assertThat(covid.get(1).change()).contains(Augmentation.defaults());
        assertThat(covid.get(2).seed()).isNotEqualTo(covid.get(1).seed());
        assertThat(plan.views(NON, false, seeds))
                .containsExactly(ImageRequest.plain("n", NON.radiograph()));
        assertThat(plan.rounds()).isEqualTo(1);
    }

    @Test
    void everyImageIsChangedInEveryRound() {
        EveryImage plan = new EveryImage(4, Augmentation.defaults());
        SplittableRandom seeds = new SplittableRandom(1);

        ImageRequest first = plan.views(NON, false, seeds).get(0);
        ImageRequest second = plan.views(NON, false, seeds).get(0);
        assertThat(plan.views(COVID, true, seeds)).hasSize(1);
        assertThat(first.change()).contains(Augmentation.defaults());
        assertThat(first.seed()).isNotEqualTo(second.seed());
        assertThat(plan.rounds()).isEqualTo(4);
    }

    @Test
    void refusesImpossibleConstants() {
        assertRejects(() -> new SgdMomentum(1), "momentum is 1.0; expected");
        assertRejects(() -> new SgdMomentum(Double.NaN));
        assertRejects(() -> new StepDecay(1, 7), "factor is 1.0; expected");
        assertRejects(() -> new StepDecay(0.1, 0), "everyEpochs is 0; expected");
        assertRejects(
                () -> LearningRateSchedule.cosineDecay(5, 5), "warmUpEpochs is 5 and epochs 5");
        assertRejects(() -> FineTuneConfig.defaults().withPatience(0), "patience is 0");
        assertRejects(() -> new EveryImage(0, Augmentation.none()), "draws is 0; expected");
        assertRejects(() -> new PositiveCopies(0, Augmentation.none()), "copies is 0; expected");
    }

    @Test
    void describesItselfInWords() {
        FineTuneConfig script = FineTuneConfig.releasedScript();

        assertThat(script.optimizer().describe()).contains("momentum 0.9");
        assertThat(script.schedule().describe()).isEqualTo("times 0.1 after every 7 epochs");
        assertThat(script.augmentationPlan().describe()).contains("10 different draws");
        assertThat(FineTuneConfig.defaults().augmentationPlan().describe()).contains("5 times");
        assertThat(new PositiveCopies(1, Augmentation.none()).describe()).isEqualTo("none");
    }
}
