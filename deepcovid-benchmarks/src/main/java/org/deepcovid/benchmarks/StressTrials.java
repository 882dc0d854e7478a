package org.deepcovid.benchmarks;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.image.Acquisition;
import org.deepcovid.core.image.Augmentation;
import org.deepcovid.core.io.WorkStore;
import org.deepcovid.core.training.AugmentationPlan.EveryImage;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.core.training.RunOptions;
import org.deepcovid.eval.metrics.ConfidenceInterval;
import org.deepcovid.eval.metrics.Proportion;
import org.deepcovid.eval.metrics.ThresholdRule;
import org.deepcovid.eval.report.Evaluation;
import org.deepcovid.eval.report.StressResult;
import org.deepcovid.eval.report.StressTest;
import org.deepcovid.models.Backbones;

/**
 * Stress tests of recipes, one line of CSV per recipe, set of images and alteration. Run as {@code
 * StressTrials SHARED NETWORK SET RECIPES WORK} with {@code ../shared}, the set {@code out-of-fold}
 * (the training part of cxr-1k), {@code test} or {@code external}, recipes separated by commas, and
 * a folder for features; see {@code docs/robust.md}. Recipes are compared out of fold; the test
 * images are for the chosen one and the paper's.
 */
public final class StressTrials {

    private static final ThresholdRule RULE = ThresholdRule.sensitivityAtLeast(0.95);

    private StressTrials() {}

    /** Prints the CSV. */
    public static void main(String[] args) {
        run(
                Path.of(args[0]),
                args[1],
                args[2],
                List.of(args[3].split(",")),
                Path.of(args[4]),
                System.out);
    }

    private static Map<String, FineTuneConfig> recipes() {
        FineTuneConfig robust = FineTuneConfig.robust();
        Augmentation changes = Augmentation.defaults().withAcquisition(Acquisition.defaults());
        return Map.of(
                "paper",
                FineTuneConfig.defaults(),
                "robust",
                robust,
                "variants", // of every image
                robust.withAugmentationPlan(new EveryImage(6, changes)));
    }

    private static void run(
            Path shared,
            String network,
            String set,
            List<String> recipes,
            Path work,
            PrintStream out) {
        out.println(
                "network,recipe,images,alteration,threshold,auc,auc_lower,auc_upper,sensitivity,"
                        + "sensitivity_lower,sensitivity_upper,specificity,specificity_lower,"
                        + "specificity_upper,changed,unlike");
        DatasetSplit split =
                PatientSplitter.seeded(1).split(XrayDataset.read(shared.resolve("data/cxr-1k")));
        for (String recipe : recipes) {
            try (WorkStore store = WorkStore.in(work);
                    FineTuned run =
                            CovidClassifier.fineTune(
                                    Backbones.load(
                                            network,
                                            WeightsFolder.find(shared.resolve("weights"), network)),
                                    split.fitting(),
                                    recipes().get(recipe),
                                    RunOptions.defaults().withWork(store))) {
                DecisionThreshold threshold = RULE.choose(run.outOfFoldScores());
                for (StressResult result : test(run, threshold, set, shared, split).results()) {
                    out.printf("%s,%s,%s,%s%n", network, recipe, set, line(threshold, result));
                }
            }
        }
    }

    private static StressTest test(
            FineTuned run,
            DecisionThreshold threshold,
            String set,
            Path shared,
            DatasetSplit split) {
        if (set.equals("out-of-fold")) {
            return StressTest.outOfFold(run, threshold);
        }
        CovidClassifier classifier = run.classifier(threshold);
        return StressTest.of(
                classifier,
                Evaluation.of(
                        classifier,
                        set.equals("test")
                                ? split.test()
                                : XrayDataset.read(shared.resolve("data/cxr-external")).images()));
    }

    private static String line(DecisionThreshold threshold, StressResult result) {
        return String.join(
                ",",
                result.alteration().map(Enum::name).orElse("none"),
                String.format(Locale.ROOT, "%.4f", threshold.value()),
                result.auc().map(a -> numbers(a.auc(), a.interval())).orElse(",,"),
                numbers(result.rates().sensitivity()),
                numbers(result.rates().specificity()),
                String.valueOf(result.flips().successes()),
                result.unlike().map(u -> String.valueOf(u.successes())).orElse(""));
    }

    private static String numbers(Optional<Proportion> rate) {
        return rate.map(r -> numbers(r.estimate(), r.interval())).orElse(",,");
    }

    private static String numbers(double value, ConfidenceInterval interval) {
        return String.format(
                Locale.ROOT, "%.4f,%.4f,%.4f", value, interval.lower(), interval.upper());
    }
}
