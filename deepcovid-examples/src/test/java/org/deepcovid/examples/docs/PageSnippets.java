package org.deepcovid.examples.docs;

import com.example.SmallNet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.LabelSets;
import org.deepcovid.core.Prediction;
import org.deepcovid.core.data.DatasetOptions;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.datavec.XrayDataSetIterator;
import org.deepcovid.core.image.Augmentation;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.image.Radiograph;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.inference.OnnxExport;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.io.WorkStore;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.training.ClassBalance;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.core.training.RunOptions;
import org.deepcovid.eval.audit.AuditIssue;
import org.deepcovid.eval.audit.DatasetAudit;
import org.deepcovid.eval.decision.CalibrationChoice;
import org.deepcovid.eval.decision.DecisionPolicy;
import org.deepcovid.eval.decision.ReviewRule;
import org.deepcovid.eval.explain.Heatmap;
import org.deepcovid.eval.explain.HeatmapFigure;
import org.deepcovid.eval.explain.HeatmapMethod;
import org.deepcovid.eval.figure.Figure;
import org.deepcovid.eval.metrics.AucEstimate;
import org.deepcovid.eval.metrics.BinaryRates;
import org.deepcovid.eval.metrics.Bootstrap;
import org.deepcovid.eval.metrics.Clusters;
import org.deepcovid.eval.metrics.ConfusionMatrix;
import org.deepcovid.eval.metrics.Metric;
import org.deepcovid.eval.metrics.Proportion;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.ThresholdRule;
import org.deepcovid.eval.metrics.ThresholdTable;
import org.deepcovid.eval.report.AnswerResults;
import org.deepcovid.eval.report.Evaluation;
import org.deepcovid.eval.report.Report;
import org.deepcovid.eval.report.ReportWriter;
import org.deepcovid.models.Backbones;
import org.deepcovid.models.catalogue.CacheSettings;
import org.deepcovid.models.catalogue.WeightsCache;
import org.deepcovid.models.catalogue.WeightsCatalogue;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The Java code of the pages. A block marked {@code snippet: PageSnippets#NAME} equals the region
 * NAME, and {@link PageRunner} calls the method NAME, if there is one, in a folder with {@code
 * radiographs}, {@code radiograph.png} and {@code squeezenet.h5}.
 */
final class PageSnippets {

    private static final int CASES = 60;

    private PageSnippets() {}

    static void readme() {
        // region readme
        DatasetSplit split =
                PatientSplitter.seeded(1).split(XrayDataset.read(Path.of("radiographs")));
        Backbone backbone = Backbones.bundled(); // SqueezeNet; or load("resnet50")
        try (FineTuned run = CovidClassifier.fineTune(backbone, split.fitting())) {
            // the threshold is chosen without the test images, and applied to them once
            Evaluation report =
                    Evaluation.of(run, ThresholdRule.sensitivityAtLeast(0.95), split.test());
            System.out.print(report.toText());
            run.classifier(report.decisions())
                    .save(Path.of("squeezenet.deepcovid"), IfExists.REPLACE);
        }
        // endregion
    }

    static void api() {
        // region api
        DatasetSplit split =
                PatientSplitter.seeded(7).split(XrayDataset.read(Path.of("radiographs")));
        Backbone backbone = Backbones.load("squeezenet", Path.of("squeezenet.h5"));
        try (FineTuned run = CovidClassifier.fineTune(backbone, split.fitting())) {
            DecisionThreshold threshold =
                    ThresholdRule.sensitivityAtLeast(0.95).choose(run.outOfFoldScores());
            CovidClassifier classifier = run.classifier(threshold); // closed with the run
            Evaluation evaluation = Evaluation.of(classifier, split.test());
            System.out.print(evaluation.toText());
            Radiograph radiograph = Radiograph.of(Path.of("radiograph.png"));
            Heatmap heatmap = Heatmap.of(classifier, radiograph, HeatmapMethod.cam());
            System.out.println(heatmap.at(40, 40)); // column and row of the image
            classifier.save(Path.of("my.deepcovid"));
        }
        // endregion
    }

    static void apiPredict() throws IOException {
        // region apiPredict
        try (CovidClassifier classifier = CovidClassifier.load(Path.of("squeezenet.deepcovid"))) {
            Path file = Path.of("radiograph.png");
            Prediction one = classifier.predict(file);
            Prediction same = classifier.predict(ImageIO.read(file.toFile())); // the same score
            List<Prediction> several = classifier.predict(List.of(file, file));
            System.out.println(one.positiveProbability() == same.positiveProbability());
            System.out.println(several.size());
            ComputationGraph graph = classifier.toComputationGraph(); // for your own DL4J code
            System.out.println(graph.getNumOutputArrays());
        }
        // endregion
    }

    static void audit() {
        // region audit
        DatasetAudit.Result result = DatasetAudit.of(Path.of("radiographs")).run();
        for (AuditIssue issue : result.issues()) {
            System.out.println(issue.severity() + " " + issue.text());
        }
        // endregion
    }

    static void ownLabels() {
        // region ownLabels
        DatasetOptions options =
                DatasetOptions.defaults().withLabelColumn("finding").withPositive("Pneumonia");
        LabelSet labels = XrayDataset.read(Path.of("study"), options).labels();
        System.out.println(labels.names() + " " + labels.positive());
        // endregion
    }

    static void dataset() {
        // region dataset
        XrayDataset dataset = XrayDataset.read(Path.of("study")).verify(); // decodes every image
        System.out.printf(
                "%d images, %d covid, patients known: %s%n",
                dataset.images().size(), dataset.count(Label.COVID), dataset.patientsKnown());
        DatasetSplit split =
                PatientSplitter.seeded(1)
                        .withValidationFraction(0.34)
                        .withTestFraction(0.34)
                        .split(dataset);
        System.out.println(
                split.training().size() + split.validation().size() + split.test().size());
        // endregion
    }

    static void datavec() {
        DatasetSplit split = split();
        // region datavec
        Preprocessing preprocessing = new Preprocessing(224, Normalization.TORCH);
        try (XrayDataSetIterator batches =
                new XrayDataSetIterator(split.labels(), split.training(), preprocessing, 4, 2)) {
            System.out.println(Arrays.toString(batches.next().getFeatures().shape()));
        }
        // endregion
    }

    static void emptyDataset() throws IOException {
        // region emptyDataset
        Files.createDirectories(Path.of("empty/covid"));
        XrayDataset.read(Path.of("empty"));
        // endregion
    }

    static void ownNetwork() {
        DatasetSplit split = split();
        // region ownNetwork
        Path file = Path.of("small.deepcovid");
        try (FineTuned run = CovidClassifier.fineTune(SmallNet.random(1), split.fitting())) {
            CovidClassifier classifier = run.classifier();
            System.out.println(classifier.engine().summary());
            classifier.save(file);
        }
        try (CovidClassifier loaded = CovidClassifier.load(file)) {
            System.out.println(loaded.spec().architecture());
            System.out.println("trained: " + loaded.provenance().weights().trained());
            System.out.println(
                    loaded.predict(Path.of("radiograph.png")).positiveProbability() >= 0);
        }
        // endregion
    }

    static void ownNetworkTest() {
        // region ownNetworkTest
        try (Backbone network = SmallNet.random(1)) {
            INDArray images = Nd4j.rand(DataType.FLOAT, 4, 3, 64, 64);
            INDArray together = network.features(images);
            INDArray alone = network.features(images.get(NDArrayIndex.interval(3, 4)));
            if (!together.getRow(3, true).equalsWithEps(alone, 1e-4)) {
                throw new AssertionError("an image's features depend on its neighbours");
            }
        }
        // endregion
    }

    static void exportOnnx() {
        // region exportOnnx
        try (CovidClassifier classifier = CovidClassifier.load(Path.of("squeezenet.deepcovid"))) {
            classifier.exportOnnx(Path.of("normalised.onnx"));
            classifier.exportOnnx(Path.of("pixels.onnx"), OnnxExport.Input.PIXELS, IfExists.FAIL);
        }
        // endregion
    }

    static void exportWeights() throws IOException {
        // region exportWeights
        try (Backbone backbone = Backbones.load("squeezenet", Path.of("squeezenet.h5"))) {
            Backbones.writeSafetensors(backbone, Path.of("squeezenet.safetensors"));
            Backbones.writeKerasWeights(backbone, Path.of("copy.h5"));
        }
        try (Backbone again = Backbones.load("squeezenet", Path.of("squeezenet.safetensors"))) {
            System.out.println(again.spec().architecture() + " " + again.parameters().size());
        }
        // endregion
    }

    static void exportClassifier() throws IOException {
        // region exportClassifier
        try (CovidClassifier classifier = CovidClassifier.load(Path.of("squeezenet.deepcovid"))) {
            Backbones.writeSafetensors(classifier, Path.of("classifier.safetensors"));
            Backbones.writeKerasWeights(classifier, Path.of("classifier.h5"));
        }
        try (Backbone network = Backbones.load("squeezenet", Path.of("classifier.h5"))) {
            System.out.println(Arrays.toString(network.parameters().get("logits/W").shape()));
        }
        // endregion
    }

    static void fineTune() {
        // region fineTune
        DatasetSplit split =
                PatientSplitter.seeded(1).split(XrayDataset.read(Path.of("radiographs")));
        FineTuneConfig config = FineTuneConfig.defaults().withSeed(1).withEpochs(100);
        Backbone backbone = Backbones.load("squeezenet", Path.of("squeezenet.h5"));

        try (FineTuned run = CovidClassifier.fineTune(backbone, split.fitting(), config)) {
            Evaluation report =
                    Evaluation.of(run, ThresholdRule.sensitivityAtLeast(0.95), split.test());
            System.out.print(report.toText());

            run.classifier(report.decisions()).save(Path.of("my.deepcovid"));
            Report study =
                    Report.of("My radiographs", "radiographs", split).with("squeezenet", report);
            ReportWriter.into(Path.of("report"), IfExists.FAIL).write(study);
        }
        // endregion
    }

    static void predict() {
        // region predict
        try (CovidClassifier classifier = CovidClassifier.load(Path.of("my.deepcovid"))) {
            Prediction prediction = classifier.predict(Path.of("radiograph.png"));
            System.out.printf("score for COVID %.4f%n", prediction.positiveProbability());
        }
        // endregion
    }

    static void recipe() {
        // region recipe
        FineTuneConfig config =
                FineTuneConfig.defaults()
                        .withEpochs(50)
                        .withLearningRate(3e-4)
                        .withBatchSize(32)
                        .withPositiveCopies(3, Augmentation.defaults()) // forms of each covid image
                        .withBalance(ClassBalance.WEIGHTED_LOSS);
        // endregion
        System.out.println(config);
    }

    static void trainLayers() {
        // region trainLayers
        FineTuneConfig config =
                FineTuneConfig.defaults()
                        .withTrainableFrom("fire9.squeeze") // this layer and what follows
                        .withLearningRate(1e-5)
                        .withEpochs(3);
        DatasetSplit split =
                PatientSplitter.seeded(1).split(XrayDataset.read(Path.of("radiographs")));
        try (FineTuned run =
                CovidClassifier.fineTune(Backbones.bundled(), split.fitting(), config)) {
            System.out.println(run.classifier().provenance().trainedLayers());
        }
        // endregion
    }

    static void resume() {
        // region resume
        DatasetSplit split =
                PatientSplitter.seeded(1).split(XrayDataset.read(Path.of("radiographs")));
        FineTuneConfig config = FineTuneConfig.defaults().withEpochs(3);
        try (WorkStore work = WorkStore.in(Path.of("unfinished"));
                FineTuned run =
                        CovidClassifier.fineTune(
                                Backbones.bundled(),
                                split.fitting(),
                                config,
                                RunOptions.defaults().withWork(work))) {
            run.classifier().save(Path.of("resumable.deepcovid"));
            work.finish(); // the classifier is saved: deletes the folder
        }
        // endregion
    }

    static void report() {
        DatasetSplit split = split();
        Evaluation evaluation;
        try (FineTuned run = run()) {
            evaluation = Evaluation.of(run, ThresholdRule.sensitivityAtLeast(0.98), split.test());
        }
        // region report
        Report study =
                Report.of("Our title", "/data/radiographs", split).with("squeezenet", evaluation);
        Path page = ReportWriter.into(Path.of("report"), IfExists.FAIL).write(study);
        // endregion
        System.out.println(page);
    }

    static void heatmap() throws IOException {
        // region heatmap
        Radiograph radiograph = Radiograph.of(Path.of("radiograph.png"));
        try (CovidClassifier classifier = CovidClassifier.load(Path.of("squeezenet.deepcovid"))) {
            Heatmap map = Heatmap.of(classifier, radiograph, HeatmapMethod.cam());
            RasterImage image = radiograph.decode();
            Figure figure = HeatmapFigure.of("radiograph.png", image, List.of(map)).figure();
            Files.write(Path.of("heatmap.png"), figure.toPng());
        }
        // endregion
    }

    static void statistics() {
        boolean[] validationTruth = truth();
        boolean[] testTruth = truth();
        double[] validationScores = scores();
        double[] testScores = scores();
        List<String> testPatients =
                IntStream.range(0, CASES).mapToObj(i -> "patient " + i / 2).toList();
        // region statistics
        ScoredLabels validation = ScoredLabels.ofProbabilities(validationTruth, validationScores);
        ScoredLabels test = ScoredLabels.ofProbabilities(testTruth, testScores);

        RocCurve roc = RocCurve.of(test);
        AucEstimate auc = roc.aucEstimate();

        double threshold =
                ThresholdRule.sensitivityAtLeast(0.98)
                        .choose(RocCurve.of(validation))
                        .orElseThrow();
        BinaryRates rates = BinaryRates.of(ConfusionMatrix.at(test, threshold));
        Optional<Proportion> sensitivity = rates.sensitivity();

        Optional<Bootstrap.Estimate> byPatient =
                Bootstrap.seeded(7).estimate(Metric.auc(), test, Clusters.byName(testPatients));
        // endregion
        System.out.println(auc + " " + sensitivity + " " + byPatient);
    }

    static void costs() {
        DatasetSplit split = split();
        FineTuned run = run();
        // region costs
        Evaluation report =
                Evaluation.of(
                        run, ThresholdRule.costWeighted(10, 1).withPrevalence(0.3), split.test());
        System.out.println(report.threshold().rule());
        System.out.println(report.threshold().fittedOn());
        run.classifier(report.decisions()).save(Path.of("cost.deepcovid"));
        // endregion
        run.close();
    }

    static void decisions() {
        DatasetSplit split = split();
        FineTuned run = // of scores that can be calibrated
                CovidClassifier.fineTune(
                        Backbones.bundled(),
                        split.fitting(),
                        FineTuneConfig.defaults().withEpochs(60).withLearningRate(0.01));
        // region decisions
        DecisionPolicy policy =
                DecisionPolicy.of(ThresholdRule.sensitivityAtLeast(0.95))
                        .withCalibration(CalibrationChoice.PLATT)
                        .withReview(ReviewRule.nearest(0.1));
        Evaluation evaluation = Evaluation.of(run, policy, split.test());
        System.out.println(evaluation.decisions().describeScores());
        System.out.println(AnswerResults.of(evaluation).toText());

        CovidClassifier classifier = run.classifier(evaluation.decisions());
        Prediction prediction = classifier.predict(Path.of("radiograph.png"));
        LabelSets sets = classifier.decisions().labelSets().orElseThrow();
        List<Label> possible = sets.of(prediction.probabilities(), 0.8);
        System.out.println(prediction.needsReview() ? "review" : possible);
        // endregion
        run.close();
    }

    static void thresholds() {
        boolean[] validationTruth = truth();
        boolean[] testTruth = truth();
        double[] validationScores = scores();
        double[] testScores = scores();
        // region thresholds
        RocCurve validation =
                RocCurve.of(ScoredLabels.ofProbabilities(validationTruth, validationScores));
        double threshold = ThresholdRule.sensitivityAtLeast(0.9).choose(validation).orElseThrow();

        ScoredLabels test = ScoredLabels.ofProbabilities(testTruth, testScores);
        BinaryRates rates = BinaryRates.of(ConfusionMatrix.at(test, threshold));
        Proportion sensitivity = rates.sensitivity().orElseThrow();
        System.out.printf(
                "sensitivity %.3f, 95 %% interval %.3f to %.3f%n",
                sensitivity.estimate(),
                sensitivity.interval().lower(),
                sensitivity.interval().upper());
        // endregion

        // region thresholdTable
        for (ThresholdTable.Row row : ThresholdTable.of(test, 0.2, 0.4, 0.6).rows()) {
            System.out.println(
                    row.threshold() + " " + row.rates().specificity().orElseThrow().estimate());
        }
        // endregion
    }

    static void download() {
        // region download
        Backbone network = Backbones.load("resnet50"); // downloaded once, always verified
        // endregion
        network.close();
    }

    static void weights() {
        // region weights
        Path saved = Path.of("squeezenet.deepcovid");
        Backbone bundled = Backbones.bundled(); // in the jar, trained by us
        Backbone own = Backbones.load("squeezenet", Path.of("squeezenet.h5")); // a file of your own
        Backbone grown = Backbones.ofClassifier(saved); // the network of a classifier
        for (Backbone backbone : List.of(bundled, own, grown)) {
            System.out.println(backbone.spec().architecture() + " " + backbone.origin().name());
            backbone.close();
        }
        // endregion
    }

    static void offline() {
        // region offline
        WeightsCache cache =
                WeightsCache.with(
                        CacheSettings.fromEnvironment().withNetwork(CacheSettings.Network.OFFLINE));
        Backbones.load(
                WeightsCatalogue.entry("resnet18-torchvision"),
                cache,
                WeightsCache.DownloadListener.NONE);
        // endregion
    }

    private static DatasetSplit split() {
        return PatientSplitter.seeded(1).split(XrayDataset.read(Path.of("radiographs")));
    }

    /** SqueezeNet with random weights and a head trained for three epochs. */
    static FineTuned run() {
        return CovidClassifier.fineTune(
                Backbones.untrained("squeezenet", 1),
                split().fitting(),
                FineTuneConfig.defaults().withEpochs(3));
    }

    private static boolean[] truth() {
        boolean[] truth = new boolean[CASES];
        for (int i = 0; i < CASES; i += 3) {
            truth[i] = true;
        }
        return truth;
    }

    private static double[] scores() {
        return IntStream.range(0, CASES)
                .mapToDouble(i -> (i % 3 == 0 ? 0.4 : 0.1) + (i * 7 % 50) / 100.0)
                .toArray();
    }
}
