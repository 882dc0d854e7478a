package org.deepcovid.eval.report;

import org.deepcovid.core.image.Augmentation;
import org.deepcovid.core.image.ResizedCrop;
import org.deepcovid.core.training.AugmentationPlan.EveryImage;
import org.deepcovid.core.training.ClassBalance;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.core.training.TrainableLayers.HeadOnly;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;

/** A recipe in words. */
final class RecipeText {

    private static final String PAPER =
            "the recipe that the Deep-COVID paper describes (doi 10.1016/j.media.2020.101794)";
    private static final String SCRIPT =
            "the recipe of the PyTorch program released with the Deep-COVID paper, which is not the"
                    + " one that the paper describes";

    private RecipeText() {}

    /** Whose recipe it is; seed, epochs and what only affects speed do not matter. */
    static String name(FineTuneConfig config) {
        FineTuneConfig paper = FineTuneConfig.defaults();
        FineTuneConfig script = FineTuneConfig.releasedScript();
        if (comparable(config, paper).equals(paper)) {
            return PAPER;
        }
        if (config.augmentationPlan() instanceof EveryImage plan) {
            script =
                    script.withAugmentationPlan(
                            new EveryImage(plan.draws(), script.augmentation()));
        }
        return comparable(config, script).equals(script) ? SCRIPT : "a recipe of its own";
    }

    private static FineTuneConfig comparable(FineTuneConfig config, FineTuneConfig other) {
        return config.withEpochs(other.epochs()).withSeed(other.seed());
    }

    /** Every choice with its value. */
    static Map<String, String> rows(FineTuneConfig config) {
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("recipe", name(config));
        rows.put(
                "what is trained",
                config.trainable() instanceof HeadOnly
                        ? "one linear layer on the frozen backbone's pooled features"
                        : config.trainable().describe());
        rows.put("optimizer", config.optimizer().describe());
        rows.put(
                "learning rate",
                BigDecimal.valueOf(config.learningRate()).stripTrailingZeros().toPlainString()
                        + ", "
                        + config.schedule().describe());
        rows.put("batch size", String.valueOf(config.batchSize()));
        rows.put("epochs", String.valueOf(config.epochs()));
        rows.put("augmentation", config.augmentationPlan().describe());
        rows.put("random changes", changes(config.augmentation()));
        rows.put("class balance", balance(config.balance()));
        if (name(config).equals(SCRIPT)) {
            rows.put("departures from the program", departures(config));
        }
        rows.put("kept epoch", "the one with the least validation loss");
        rows.put("seed", String.valueOf(config.seed()));
        return rows;
    }

    private static String departures(FineTuneConfig config) {
        int rounds = config.augmentationPlan().rounds();
        String draws =
                rounds >= config.epochs()
                        ? ""
                        : ("%d random forms of each image take turns, where the program draws new"
                                        + " ones in each of %d epochs (which would take as many"
                                        + " passes of all images through the backbone); ")
                                .formatted(rounds, config.epochs());
        return draws
                + "the kept epoch has the least validation loss, not the highest validation"
                + " accuracy; parts are cut out of the image as it is, not after a first reduction;"
                + " images are mirrored, which one published state of the program has switched off";
    }

    private static String changes(Augmentation a) {
        StringBuilder text = new StringBuilder();
        a.crop().ifPresent(crop -> text.append(crop(crop)).append(", "));
        append(text, "mirrored with probability ", a.horizontalFlipProbability(), "");
        append(text, "rotation up to ", a.maxRotationDegrees(), " degrees");
        append(text, "scale up to ", 100 * a.maxScale(), " %");
        append(text, "shear up to ", 100 * a.maxShear(), " %");
        append(text, "shift up to ", 100 * a.maxTranslation(), " %");
        append(text, "gamma up to ", 100 * a.maxGamma(), " %");
        append(text, "contrast up to ", 100 * a.maxContrast(), " %");
        return text.isEmpty() ? Format.NONE : text.substring(0, text.length() - 2);
    }

    private static String crop(ResizedCrop crop) {
        return "a random part of %s to %s of the area, width over height %s to %s"
                .formatted(
                        Format.percent(crop.minArea()),
                        Format.percent(crop.maxArea()),
                        Format.number(1 / crop.maxAspect()),
                        Format.number(crop.maxAspect()));
    }

    private static void append(StringBuilder text, String before, double value, String after) {
        if (value > 0) {
            String digits = Format.number(value).replaceAll("0+$", "").replaceAll("\\.$", "");
            text.append(before).append(digits).append(after).append(", ");
        }
    }

    private static String balance(ClassBalance balance) {
        return switch (balance) {
            case NONE -> "none; every image counts once";
            case WEIGHTED_LOSS -> "loss weighted so that both classes count alike";
        };
    }
}
