package org.deepcovid.eval.report;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deepcovid.core.image.Augmentation;
import org.deepcovid.core.image.ResizedCrop;
import org.deepcovid.core.image.Standardization;
import org.deepcovid.core.training.AugmentationPlan.EveryImage;
import org.deepcovid.core.training.ClassBalance;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.core.training.TrainableLayers.HeadOnly;

/** Describes a training recipe. */
final class RecipeText {

    private static final String PAPER =
            "the recipe that the Deep-COVID paper describes (doi 10.1016/j.media.2020.101794)";
    private static final String SCRIPT =
            "the recipe of the PyTorch program released with the Deep-COVID paper, which is not the"
                    + " one that the paper describes";

    private static final String ROBUST =
            "this library's robust recipe, for images of other origins";

    private RecipeText() {}

    /** Name of a published recipe, if it is one; seeds, epochs and machine settings are ignored. */
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
        if (comparable(config, script).equals(script)) {
            return SCRIPT;
        }
        FineTuneConfig robust = FineTuneConfig.robust();
        return comparable(config, robust).equals(robust) ? ROBUST : "a custom recipe";
    }

    private static FineTuneConfig comparable(FineTuneConfig config, FineTuneConfig other) {
        return config.withEpochs(other.epochs()).withSeed(other.seed()).withMeanOf(1);
    }

    /** Every setting with its value. */
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
        if (config.standardization() != Standardization.NONE) {
            rows.put("every image", config.standardization().describe());
        }
        rows.put("augmentation", config.augmentationPlan().describe());
        rows.put("random changes", changes(config.augmentation()));
        rows.put("class balance", balance(config.balance()));
        if (name(config).equals(SCRIPT)) {
            rows.put("departures from the program", differences(config));
        }
        config.patience()
                .ifPresent(
                        patience ->
                                rows.put(
                                        "early stopping",
                                        "after %d epochs without a lower validation loss"
                                                .formatted(patience)));
        rows.put("kept epoch", "the one with the lowest validation loss");
        if (config.seeds() > 1) {
            rows.put(
                    "kept head",
                    "mean of %d heads, of seeds %d to %d; the epochs shown are those of the first"
                            .formatted(
                                    config.seeds(),
                                    config.seed(),
                                    config.seed() + config.seeds() - 1));
        }
        rows.put("seed", String.valueOf(config.seed()));
        return rows;
    }

    private static String differences(FineTuneConfig config) {
        int rounds = config.augmentationPlan().rounds();
        String draws =
                rounds >= config.epochs()
                        ? ""
                        : ("%d random variants of each image are used in turn, where the program"
                               + " draws new ones in each of %d epochs (which would take as many"
                               + " passes of all images through the backbone); ")
                                .formatted(rounds, config.epochs());
        return draws
                + "the kept epoch has the lowest validation loss, not the highest validation"
                + " accuracy; crops are taken from the original image, not from a reduced one;"
                + " images are mirrored, which one published version of the program does not do";
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
        a.acquisition().ifPresent(more -> text.append(more.describe()).append(", "));
        return text.isEmpty() ? Format.NONE : text.substring(0, text.length() - 2);
    }

    private static String crop(ResizedCrop crop) {
        return "a random crop of %s to %s of the area, width over height %s to %s"
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
            case WEIGHTED_LOSS -> "loss weighted so that all classes count equally";
        };
    }
}
