package org.deepcovid.core;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.Serial;
import java.util.List;
import java.util.Optional;
import org.deepcovid.core.image.Acquisition;
import org.deepcovid.core.image.Augmentation;
import org.deepcovid.core.image.Standardization;
import org.deepcovid.core.model.WeightsOrigin;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.core.training.AugmentationPlan;
import org.deepcovid.core.training.AugmentationPlan.EveryImage;
import org.deepcovid.core.training.AugmentationPlan.PositiveCopies;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.core.training.LearningRateSchedule;
import org.deepcovid.core.training.LearningRateSchedule.Constant;
import org.deepcovid.core.training.LearningRateSchedule.CosineDecay;
import org.deepcovid.core.training.LearningRateSchedule.StepDecay;
import org.deepcovid.core.training.Optimizer;
import org.deepcovid.core.training.Optimizer.Adam;
import org.deepcovid.core.training.Optimizer.SgdMomentum;
import org.deepcovid.core.training.TrainableLayers;
import org.deepcovid.core.training.TrainableLayers.FromLayer;
import org.deepcovid.core.training.TrainableLayers.HeadOnly;
import org.deepcovid.core.training.TrainableLayers.LastStage;
import org.deepcovid.core.training.TrainableLayers.WholeBackbone;

/**
 * Names the closed choices of a recipe in {@code model.json} by a property {@code kind}. Only the
 * names listed here are understood, so that a file cannot name any other class.
 */
final class RecipeJson extends SimpleModule {

    @Serial private static final long serialVersionUID = 1L;

    RecipeJson() {
        setMixInAnnotation(FineTuneConfig.class, WithoutDefaults.class);
        setMixInAnnotation(Augmentation.class, WithoutAcquisition.class);
        setMixInAnnotation(WeightsOrigin.class, WithoutNoImages.class);
        setMixInAnnotation(ModelProvenance.class, WithoutAbsent.class);
        setMixInAnnotation(Optimizer.class, OptimizerKinds.class);
        setMixInAnnotation(LearningRateSchedule.class, ScheduleKinds.class);
        setMixInAnnotation(AugmentationPlan.class, PlanKinds.class);
        setMixInAnnotation(TrainableLayers.class, TrainableKinds.class);
    }

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    private interface WithoutAbsent {}

    @SuppressWarnings("UnusedMethod") // Jackson reads the annotation
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    private interface WithoutDefaults {
        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = NoStandardization.class)
        Standardization standardization();

        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = OneSeed.class)
        int seeds();
    }

    /** Equal to what is left out. */
    static final class NoStandardization {
        @Override
        public boolean equals(Object other) {
            return other == Standardization.NONE;
        }

        @Override
        public int hashCode() {
            return Standardization.NONE.hashCode();
        }
    }

    /** Equal to what is left out. */
    static final class OneSeed {
        @Override
        public boolean equals(Object other) {
            return other instanceof Integer seeds && seeds == 1;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    @SuppressWarnings("UnusedMethod") // Jackson reads the annotation
    private interface WithoutAcquisition {
        @JsonInclude(JsonInclude.Include.NON_ABSENT)
        Optional<Acquisition> acquisition();
    }

    @SuppressWarnings("UnusedMethod") // Jackson reads the annotation
    private interface WithoutNoImages {
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<String> images();
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Adam.class, name = "adam"),
        @JsonSubTypes.Type(value = SgdMomentum.class, name = "sgd-momentum")
    })
    private interface OptimizerKinds {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Constant.class, name = "constant"),
        @JsonSubTypes.Type(value = StepDecay.class, name = "step-decay"),
        @JsonSubTypes.Type(value = CosineDecay.class, name = "cosine-decay")
    })
    private interface ScheduleKinds {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = PositiveCopies.class, name = "positive-copies"),
        @JsonSubTypes.Type(value = EveryImage.class, name = "every-image")
    })
    private interface PlanKinds {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = HeadOnly.class, name = "head-only"),
        @JsonSubTypes.Type(value = FromLayer.class, name = "from-layer"),
        @JsonSubTypes.Type(value = LastStage.class, name = "last-stage"),
        @JsonSubTypes.Type(value = WholeBackbone.class, name = "whole-backbone")
    })
    private interface TrainableKinds {}
}
