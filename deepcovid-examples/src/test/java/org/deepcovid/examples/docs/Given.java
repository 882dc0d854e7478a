package org.deepcovid.examples.docs;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.eval.metrics.ThresholdRule;
import org.deepcovid.eval.report.Evaluation;
import org.deepcovid.models.Backbones;

/**
 * Variables that a page's text has introduced, by the name that {@code given} calls them: small,
 * and of the types that the page says.
 */
public final class Given {

    private static final int CASES = 60;

    private Given() {}

    /** Small pictures in three parts. */
    public static DatasetSplit split() {
        return PatientSplitter.seeded(1).split(XrayDataset.read(Path.of("radiographs")));
    }

    /** SqueezeNet with random weights. */
    public static Backbone backbone() {
        return Backbones.untrained("squeezenet", 1);
    }

    /** Three epochs of fine-tuning it. */
    public static FineTuned run() {
        return CovidClassifier.fineTune(
                backbone(), split().fitting(), FineTuneConfig.defaults().withEpochs(3));
    }

    /** Any threshold. */
    public static DecisionThreshold threshold() {
        return new DecisionThreshold(0.5, "fixed at 0.5", "8 validation images, 4 of them covid");
    }

    /** What the classifier reaches. */
    public static Evaluation evaluation() {
        try (FineTuned run = run()) {
            return Evaluation.of(run, ThresholdRule.sensitivityAtLeast(0.98), split().test());
        }
    }

    /** Labels of cases; every third is positive. */
    public static boolean[] validationTruth() {
        boolean[] truth = new boolean[CASES];
        for (int i = 0; i < CASES; i += 3) {
            truth[i] = true;
        }
        return truth;
    }

    /** Scores of the same cases. */
    public static double[] validationScores() {
        return IntStream.range(0, CASES)
                .mapToDouble(i -> (i % 3 == 0 ? 0.4 : 0.1) + (i * 7 % 50) / 100.0)
                .toArray();
    }

    /** As {@link #validationTruth()}. */
    public static boolean[] testTruth() {
        return validationTruth();
    }

    /** As {@link #validationScores()}. */
    public static double[] testScores() {
        return validationScores();
    }

    /** Names of the patients; two images each. */
    public static List<String> testPatients() {
        return IntStream.range(0, CASES).mapToObj(i -> "patient " + i / 2).toList();
    }
}
