package org.deepcovid.benchmarks.heatmaps;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.FittingData;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.SplitPart;
import org.deepcovid.core.image.Augmentation;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.GraphSurgery;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.core.training.TrainableLayers.FromLayer;
import org.deepcovid.core.training.TrainableLayers.HeadOnly;
import org.deepcovid.eval.explain.EvidenceUnit;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.explain.HeatmapMethod;
import org.deepcovid.eval.explain.OcclusionFill;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.models.Backbones;
import org.deepcovid.phantoms.PhantomCounts;
import org.deepcovid.phantoms.PhantomDataset;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures on phantoms, whose opacities are known, whether heatmaps show what a network uses. */
@Command(
        name = "CheckHeatmaps",
        mixinStandardHelpOptions = true,
        description = {
            "Fine-tunes SqueezeNet, or its lower layers, on phantoms and measures for every"
                    + " heatmap",
            "method whether maps of unseen phantoms point at the opacities, and whether they"
                    + " change",
            "when the network's parameters are randomised. Prints the tables of docs/heatmaps.md."
        })
public final class CheckHeatmaps implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "WEIGHTS", description = "SqueezeNet weights, Keras .h5")
    private Path weights;

    @Parameters(index = "1", paramLabel = "FOLDER", description = "empty folder for the phantoms")
    private Path folder;

    @Option(names = "--seed", description = "of phantoms and training (default ${DEFAULT-VALUE})")
    private long seed = 3;

    @Option(
            names = "--train",
            description =
                    "positives to train on, with as many negatives (default ${DEFAULT-VALUE})")
    private int train = 500;

    @Option(names = "--test", description = "positives to explain (default ${DEFAULT-VALUE})")
    private int test = 120;

    @Option(names = "--epochs", description = "passes over the data (default ${DEFAULT-VALUE})")
    private int epochs = 100;

    @Option(
            names = "--layer",
            description = {
                "last layer of the network: the head takes the mean of its map",
                "(default ${DEFAULT-VALUE}; fire9 is the whole network)"
            })
    private String layer = "fire5";

    @Option(
            names = "--train-from",
            paramLabel = "LAYER",
            description = "also train the layers from this one on")
    private String trainFrom;

    @Option(names = "--learning-rate", description = "of Adam (default ${DEFAULT-VALUE})")
    private double learningRate = 1e-3;

    @Option(
            names = "--inner",
            paramLabel = "LAYER",
            description =
                    "layer below the last for the gradient methods" + " (default ${DEFAULT-VALUE})")
    private String inner = "fire4";

    @Option(
            names = "--randomised",
            paramLabel = "NUMBER",
            description = {
                "number of networks with randomised parameters; methods with many forward",
                "passes use only the first (default ${DEFAULT-VALUE})"
            })
    private int randomisedNetworks = 5;

    @Option(names = "--quick", description = "leave out the methods with many forward passes")
    private boolean quick;

    @Option(
            names = "--only",
            paramLabel = "TEXT",
            description = "only methods whose name in the table contains this text")
    private String only = "";

    private final List<HeatmapTrial> trials = new ArrayList<>();

    CheckHeatmaps() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new CheckHeatmaps()).execute(args));
    }

    @Override
    public Integer call() {
        System.out.println(DeepCovidRuntime.initialise().summary());
        PhantomDataset phantoms =
                PhantomDataset.write(folder, counts(train), counts(train / 4), counts(test), seed);
        try (Backbone full = Backbones.load("squeezenet", weights);
                FineTuned run = fineTune(GraphSurgery.upTo(full, layer), phantoms);
                ExplainedModel trained = ExplainedModel.of(run.classifier())) {
            describe(phantoms, run.classifier());
            List<ExplainedModel> randomised = randomised(trained);
            try {
                compare(phantoms, trained, randomised);
            } finally {
                randomised.forEach(ExplainedModel::close);
            }
        }
        return 0;
    }

    private List<ExplainedModel> randomised(ExplainedModel trained) {
        return LongStream.range(seed, seed + randomisedNetworks)
                .mapToObj(trained::randomised)
                .toList();
    }

    private void compare(
            PhantomDataset phantoms, ExplainedModel trained, List<ExplainedModel> randomised) {
        List<LabelledImage> positives = positives(phantoms);
        System.out.print(HeatmapTrial.header());
        for (HeatmapMethod method : methods()) {
            List<ExplainedModel> used = isSlow(method) ? randomised.subList(0, 1) : randomised;
            HeatmapTrial trial = new HeatmapTrial(method, trained, used);
            trials.add(trial.run(phantoms, positives));
            System.out.println(trial.row());
        }
        System.out.print("\n" + HeatmapTrial.randomisedHeader());
        trials.forEach(trial -> System.out.println(trial.randomisedRow()));
    }

    private static boolean isSlow(HeatmapMethod method) {
        return method instanceof HeatmapMethod.Occlusion
                || method instanceof HeatmapMethod.ScoreCam;
    }

    /** The trials of the last call, in the order of the table. */
    List<HeatmapTrial> trials() {
        return List.copyOf(trials);
    }

    private static PhantomCounts counts(int positives) {
        return new PhantomCounts(positives, positives - positives / 2, positives / 2);
    }

    private FineTuned fineTune(Backbone backbone, PhantomDataset phantoms) {
        FineTuneConfig config =
                FineTuneConfig.defaults()
                        .withSeed(seed)
                        .withEpochs(epochs)
                        .withLearningRate(learningRate)
                        .withPositiveCopies(1, Augmentation.none())
                        .withTrainable(
                                trainFrom == null ? new HeadOnly() : new FromLayer(trainFrom));
        return CovidClassifier.fineTune(
                backbone,
                new FittingData(
                        part(phantoms, SplitPart.TRAIN), part(phantoms, SplitPart.VALIDATION)),
                config);
    }

    private static List<LabelledImage> part(PhantomDataset phantoms, SplitPart part) {
        return phantoms.images().images().stream()
                .filter(image -> image.part().orElseThrow() == part)
                .toList();
    }

    private static List<LabelledImage> positives(PhantomDataset phantoms) {
        return part(phantoms, SplitPart.TEST).stream()
                .filter(image -> image.label().equals(Label.COVID))
                .toList();
    }

    private void describe(PhantomDataset phantoms, CovidClassifier classifier) {
        double auc =
                RocCurve.of(ScoredLabels.of(classifier.score(part(phantoms, SplitPart.TEST))))
                        .auc();
        List<LabelledImage> positives = positives(phantoms);
        double opacities = positives.stream().mapToInt(i -> phantoms.opacities(i).area()).sum();
        double lungs = positives.stream().mapToInt(i -> phantoms.lungs(i).area()).sum();
        double pixels =
                positives.stream()
                        .map(phantoms::lungs)
                        .mapToInt(mask -> mask.width() * mask.height())
                        .sum();
        System.out.printf(
                Locale.ROOT,
                "area under the ROC curve on unseen phantoms %.3f; %d positives explained%n"
                        + "opacities cover %.1f %% of the images and %.1f %% of the lungs%n%n",
                auc,
                positives.size(),
                100 * opacities / pixels,
                100 * opacities / lungs);
    }

    private List<HeatmapMethod> methods() {
        List<HeatmapMethod> methods =
                new ArrayList<>(
                        List.of(
                                HeatmapMethod.cam(),
                                HeatmapMethod.smoothed(HeatmapMethod.cam(), 1),
                                HeatmapMethod.gradCam(),
                                HeatmapMethod.gradCamPlusPlus(),
                                HeatmapMethod.smoothed(HeatmapMethod.gradCamPlusPlus(), 1),
                                HeatmapMethod.hiResCam(),
                                HeatmapMethod.gradCam(inner),
                                HeatmapMethod.smoothed(HeatmapMethod.gradCam(inner), 1),
                                HeatmapMethod.gradCamPlusPlus(inner),
                                HeatmapMethod.hiResCam(inner),
                                HeatmapMethod.smoothed(HeatmapMethod.hiResCam(inner), 1)));
        if (!quick) {
            HeatmapMethod.Occlusion paper = HeatmapMethod.occlusion(32, 16);
            HeatmapMethod.Occlusion byLogit = paper.withMeasure(EvidenceUnit.LOGIT_DROP);
            methods.addAll(
                    List.of(
                            HeatmapMethod.scoreCam(32),
                            paper,
                            byLogit,
                            byLogit.withFill(OcclusionFill.MEAN),
                            byLogit.withFill(OcclusionFill.BLUR)));
        }
        return methods.stream().filter(method -> method.title().contains(only)).toList();
    }
}
