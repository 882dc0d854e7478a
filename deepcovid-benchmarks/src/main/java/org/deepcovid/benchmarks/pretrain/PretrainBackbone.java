package org.deepcovid.benchmarks.pretrain;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.SplitPart;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.image.Augmentation;
import org.deepcovid.core.io.AtomicFile;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.GraphBackbone;
import org.deepcovid.core.model.WeightsOrigin;
import org.deepcovid.core.provenance.DataFingerprint;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.eval.metrics.AucEstimate;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.models.Backbones;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Trains SqueezeNet v1.1 from random weights, as the weights in this library were; see {@code
 * docs/bundled-backbone.md}.
 */
@Command(
        name = "PretrainBackbone",
        mixinStandardHelpOptions = true,
        description = {
            "Trains SqueezeNet v1.1 from random weights on the training part of a dataset and on",
            "phantoms; images marked as validation or test are not read. After an interruption the",
            "same command continues."
        })
public final class PretrainBackbone implements Callable<Integer> {

    private static final String NETWORK = "squeezenet";
    private static final int WARM_UP = 100;
    private static final int STEPS_PER_LINE = 50;
    private static final int STEPS_PER_CHECKPOINT = 100;
    private static final Augmentation AUGMENTATION =
            Augmentation.none()
                    .withHorizontalFlipProbability(0.5)
                    .withMaxRotationDegrees(10)
                    .withMaxScale(0.15)
                    .withMaxTranslation(0.08)
                    .withMaxGamma(0.35)
                    .withMaxContrast(0.25);

    @Parameters(
            index = "0",
            paramLabel = "DATA",
            description = "folder or CSV manifest that marks its training part")
    private Path data;

    @Parameters(
            index = "1",
            paramLabel = "OUTPUT",
            description = "safetensors file to write, in half precision")
    private Path output;

    @Option(names = "--seed", description = "seed of all random choices (default ${DEFAULT-VALUE})")
    private long seed = 1;

    @Option(
            names = "--stages",
            split = ",",
            paramLabel = "SIZExSTEPS",
            description = "input sizes and steps at each (default ${DEFAULT-VALUE})")
    private List<String> stages = List.of("112x1200", "224x200");

    @Option(names = "--batch", description = "images per step (default ${DEFAULT-VALUE})")
    private int batch = 24;

    @Option(names = "--rate", description = "maximum learning rate (default ${DEFAULT-VALUE})")
    private double rate = 1e-3;

    @Option(
            names = "--phantoms",
            description = "phantoms of each disease (default ${DEFAULT-VALUE})")
    private int phantoms = 200;

    @Option(
            names = "--hold-out",
            paramLabel = "SHARE",
            description = {
                "leave out this share of the training patients and print the AUC of a head on the",
                "result for them, to choose the other options by (default: none)"
            })
    private double holdOut;

    @Option(
            names = "--checkpoint",
            description = "file to continue from (default: OUTPUT with .checkpoint added)")
    private Path checkpoint;

    @Option(names = "--replace", description = "replace OUTPUT if it exists")
    private boolean replace;

    PretrainBackbone() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new PretrainBackbone()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        IfExists ifExists = replace ? IfExists.REPLACE : IfExists.FAIL;
        AtomicFile.checkWritable(output, ifExists);
        System.out.println(DeepCovidRuntime.initialise().summary());
        PretrainingPlan plan = plan();
        List<LabelledImage> marked = trainingPart();
        Optional<DatasetSplit> check = holdOut > 0 ? Optional.of(split(marked)) : Optional.empty();
        List<LabelledImage> training = check.map(PretrainBackbone::withoutTest).orElse(marked);
        DataFingerprint fingerprint = DataFingerprint.of(LabelSet.COVID, training);
        try (Backbone backbone = Backbones.untrained(NETWORK, seed)) {
            List<String> classes = train(backbone, plan, training, fingerprint);
            double factor = FeatureScale.apply(backbone, training);
            System.out.printf(Locale.ROOT, "pooled features multiplied by %.3f%n", factor);
            write(backbone, provenance(plan, fingerprint, classes), ifExists);
        }
        System.out.printf("weights written to %s%n", output);
        check.ifPresent(this::score);
        return 0;
    }

    private PretrainingPlan plan() {
        return new PretrainingPlan(
                seed,
                stages.stream().map(PretrainingPlan.Stage::parse).toList(),
                batch,
                rate,
                WARM_UP,
                phantoms,
                AUGMENTATION);
    }

    private List<LabelledImage> trainingPart() {
        List<LabelledImage> images =
                XrayDataset.read(data).images().stream()
                        .filter(image -> image.part().equals(Optional.of(SplitPart.TRAIN)))
                        .toList();
        if (images.isEmpty()) {
            throw new IllegalArgumentException(
                    data
                            + " marks no image as train; expected a column 'split' or folders train"
                            + " and test, so that a test part stays unseen");
        }
        return images;
    }

    /** Splits the training part by patient, to choose options without the test part. */
    private DatasetSplit split(List<LabelledImage> marked) {
        List<LabelledImage> unmarked =
                marked.stream().map(image -> image.withPart(Optional.empty())).toList();
        return PatientSplitter.seeded(seed)
                .withTestFraction(holdOut)
                .split(new XrayDataset(data, unmarked));
    }

    private static List<LabelledImage> withoutTest(DatasetSplit split) {
        return Stream.concat(split.training().stream(), split.validation().stream())
                .sorted(Comparator.comparing(LabelledImage::id))
                .toList();
    }

    private List<String> train(
            Backbone backbone,
            PretrainingPlan plan,
            List<LabelledImage> training,
            DataFingerprint fingerprint) {
        PretrainingImages images =
                PretrainingImages.load(training, plan, backbone.spec().normalization());
        System.out.printf("images by class: %s%n", images.counts());
        Path file =
                Optional.ofNullable(checkpoint)
                        .orElseGet(
                                () -> output.resolveSibling(output.getFileName() + ".checkpoint"));
        String run = FileHashes.sha256((plan + fingerprint.sha256()).getBytes(UTF_8));
        long start = System.nanoTime();
        double[] sum = {0, 0};
        Pretraining.run(
                backbone,
                images,
                plan,
                file,
                run,
                (step, loss) -> {
                    sum[0] += loss;
                    sum[1]++;
                    if (step % STEPS_PER_LINE == 0 || step == plan.steps()) {
                        System.out.printf(
                                Locale.ROOT,
                                "step %d of %d, loss %.4f, %d s%n",
                                step,
                                plan.steps(),
                                sum[0] / sum[1],
                                (System.nanoTime() - start) / 1_000_000_000);
                        sum[0] = 0;
                        sum[1] = 0;
                    }
                },
                STEPS_PER_CHECKPOINT);
        return images.classNames();
    }

    private Map<String, String> provenance(
            PretrainingPlan plan, DataFingerprint fingerprint, List<String> classes) {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("deepcovid.seed", Long.toString(seed));
        texts.put("deepcovid.plan", plan.toString());
        texts.put(
                "deepcovid.command",
                "PretrainBackbone DATA OUTPUT --seed %d --stages %s --batch %d --rate %s --phantoms %d"
                        .formatted(seed, String.join(",", stages), batch, rate, phantoms));
        texts.put("deepcovid.data", fingerprint.toString());
        texts.put("deepcovid.pretraining_classes", String.join("; ", classes));
        texts.put("deepcovid.version", DeepCovidRuntime.initialise().libraryVersion());
        texts.put("license", "Apache-2.0");
        return texts;
    }

    private void write(Backbone backbone, Map<String, String> texts, IfExists ifExists)
            throws IOException {
        AtomicFile.checkWritable(output, ifExists);
        WeightsOrigin origin =
                new WeightsOrigin(
                        "trained from random, seed " + seed, backbone.origin().sha256(), true);
        Backbones.writeHalfPrecision(
                GraphBackbone.of(backbone.spec(), origin, backbone.graph()), output, texts);
    }

    /** Fine-tunes a head on the written weights and evaluates it on the held-out patients. */
    private void score(DatasetSplit split) {
        FineTuneConfig config = FineTuneConfig.defaults().withSeed(seed);
        try (FineTuned run =
                CovidClassifier.fineTune(
                        Backbones.load(NETWORK, output), split.fitting(), config)) {
            AucEstimate auc =
                    RocCurve.of(ScoredLabels.of(run.classifier().score(split.test())))
                            .aucEstimate();
            System.out.printf(
                    Locale.ROOT,
                    "%d held-out images: AUC %.4f [%.4f, %.4f]; not a diagnostic device%n",
                    split.test().size(),
                    auc.auc(),
                    auc.interval().lower(),
                    auc.interval().upper());
        }
    }
}
