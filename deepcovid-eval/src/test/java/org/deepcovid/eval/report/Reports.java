package org.deepcovid.eval.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.deepcovid.core.ClassProbabilities;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.Decisions;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.CropPlacement;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.inference.NetworkPlan;
import org.deepcovid.core.model.BackboneSpec;
import org.deepcovid.core.model.WeightsOrigin;
import org.deepcovid.core.provenance.DataFingerprint;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.core.runtime.RuntimeEnvironment;
import org.deepcovid.core.training.EpochSummary;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.eval.explain.EvidenceGrid;
import org.deepcovid.eval.explain.EvidenceUnit;
import org.deepcovid.eval.explain.Heatmap;
import org.deepcovid.eval.explain.HeatmapFigure;
import org.deepcovid.testing.SyntheticRadiographs;

/** Small reports of drawn images with made-up scores; no network is run. */
final class Reports {

    /** Characters that break pages, tables and CSV files that do not expect them. */
    static final String NASTY = "<b>\"&amp;'</td>,|*_`\u00e9";

    private Reports() {}

    /** Test images whose ids hold nasty characters; every second one of a known patient. */
    static DatasetSplit split(Path folder, int perClass) {
        return split(folder, perClass, LabelSet.COVID);
    }

    static DatasetSplit split(Path folder, int perClass, LabelSet labels) {
        return new DatasetSplit(
                labels,
                images(folder, "train", 4, labels),
                images(folder, "val", 3, labels),
                images(folder, "test", perClass, labels));
    }

    /** Labels as a user names them; the last is the positive one. */
    static LabelSet labels(String... names) {
        List<Label> labels = Stream.of(names).map(Label::new).toList();
        return new LabelSet(labels, labels.get(labels.size() - 1));
    }

    private static List<LabelledImage> images(
            Path folder, String part, int perClass, LabelSet labels) {
        List<LabelledImage> images = new ArrayList<>();
        for (Label label : labels.positiveFirst()) {
            Label drawn = label.equals(labels.positive()) ? Label.COVID : Label.NON_COVID;
            for (int i = 0; i < perClass; i++) {
                String name = "%s-%d-%02d.png".formatted(part, labels.labels().indexOf(label), i);
                Path file = folder.resolve(name);
                SyntheticRadiographs.write(file, SyntheticRadiographs.draw(drawn, i));
                String id = NASTY + "/" + name;
                String patient = i % 2 == 0 ? "patient " + part + label + i / 4 : id;
                images.add(
                        new LabelledImage(
                                id, file, label, patient, Optional.empty(), attributes(drawn, i)));
            }
        }
        return images;
    }

    private static Map<String, String> attributes(Label label, int i) {
        boolean covid = label.equals(Label.COVID);
        String finding = covid ? "COVID-19" : i % 2 == 0 ? "No Finding" : "Pneumonia";
        String source = covid ? "clinic <A>" : "clinic B";
        String sex = i % 3 == 0 ? "F" : "M";
        return Map.of("source", source, "finding", finding, "sex", sex, "age", "" + (10 + 9 * i));
    }

    /** Scores that rise with the label, with some overlap. */
    static Evaluation evaluation(DatasetSplit split, long seed) {
        return evaluation(split, seed, spec("squeezenet-1.1"), provenance(true, 3));
    }

    static Evaluation evaluation(
            DatasetSplit split, long seed, BackboneSpec spec, ModelProvenance provenance) {
        SplittableRandom random = new SplittableRandom(seed);
        DecisionThreshold threshold = new DecisionThreshold(0.5, "a rule", "6 images");
        List<ScoredImage> test = scores(split.labels(), split.test(), random);
        List<ScoredImage> fitting = scores(split.labels(), split.validation(), random);
        return new Evaluation(
                spec, provenance, Decisions.of(threshold), split.test(), test, fitting);
    }

    private static List<ScoredImage> scores(
            LabelSet labels, List<LabelledImage> images, SplittableRandom random) {
        return images.stream()
                .map(
                        image ->
                                new ScoredImage(
                                        image.id(),
                                        image.label(),
                                        ClassProbabilities.of(
                                                labels,
                                                labels.labels().size() == 2
                                                        ? two(labels, image, random)
                                                        : many(labels, image, random))))
                .toList();
    }

    private static double[] two(LabelSet labels, LabelledImage image, SplittableRandom random) {
        double middle = image.label().equals(labels.positive()) ? 0.6 : 0.4;
        double drawn = middle + 0.4 * (random.nextDouble() - 0.5) * 2;
        double score = Math.max(0, Math.min(1, drawn));
        return labels.indexOf(labels.positive()) == 1
                ? new double[] {1 - score, score}
                : new double[] {score, 1 - score};
    }

    private static double[] many(LabelSet labels, LabelledImage image, SplittableRandom random) {
        double[] scores = random.doubles(labels.labels().size(), 0, 1).toArray();
        scores[labels.indexOf(image.label())] += 0.6;
        double sum = Arrays.stream(scores).sum();
        return Arrays.stream(scores).map(score -> score / sum).toArray();
    }

    /** A heatmap without a network. */
    static HeatmapFigure heatmap(LabelledImage image) {
        RasterImage picture = ImageDecoder.decode(image.file());
        return HeatmapFigure.of(
                image.id(),
                picture,
                List.of(
                        new Heatmap(
                                "CAM",
                                image.label().name(),
                                0.5,
                                new EvidenceGrid(1, 2, new double[] {1, 7}),
                                EvidenceUnit.LOGIT,
                                new NetworkPlan.CellCentres(8, 16),
                                new CropPlacement(picture.width(), picture.height(), 32))));
    }

    static BackboneSpec spec(String architecture) {
        return new BackboneSpec(
                architecture,
                "keras",
                new BackboneSpec.Input(48, Normalization.TORCH),
                new BackboneSpec.Features(12, 3, "relu"),
                0,
                new BackboneSpec.Source("Apache-2.0 <or so>", "Somebody (2020)"));
    }

    static ModelProvenance provenance(boolean trained, int chosenEpoch) {
        return provenance(trained, chosenEpoch, FineTuneConfig.defaults());
    }

    static ModelProvenance provenance(boolean trained, int chosenEpoch, FineTuneConfig config) {
        List<EpochSummary> history = new ArrayList<>();
        for (int epoch = 1; epoch <= 5; epoch++) {
            history.add(new EpochSummary(epoch, 1.0 / epoch, 0.5 + Math.abs(epoch - chosenEpoch)));
        }
        return new ModelProvenance(
                config,
                new WeightsOrigin("weights <file>.h5", "ab".repeat(32), trained),
                List.of(),
                new DataFingerprint("1".repeat(64), Map.of("non", 4, "covid", 4), 8),
                new DataFingerprint("2".repeat(64), Map.of("non", 3, "covid", 3), 6),
                chosenEpoch,
                history,
                new RuntimeEnvironment(
                        "CpuBackend",
                        true,
                        "A processor",
                        List.of("avx2"),
                        2,
                        2,
                        1L << 34,
                        1L << 33,
                        1L << 31,
                        "17.0.1",
                        "Linux 6 amd64",
                        "development"),
                "2026-01-01T00:00:00Z",
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The test images in two folds; the rule found a threshold, 0.3, in the first only. */
    static CrossValidation folds(DatasetSplit split, Evaluation all) {
        return new CrossValidation(
                List.of(
                        fold(split, all, 0, Optional.of(0.3), ""),
                        fold(split, all, 1, Optional.empty(), "no threshold | here")));
    }

    private static CrossValidation.Fold fold(
            DatasetSplit split, Evaluation all, int first, Optional<Double> at, String remark) {
        List<LabelledImage> images = new ArrayList<>();
        List<ScoredImage> scores = new ArrayList<>();
        for (int i = first; i < split.test().size(); i += 2) {
            images.add(split.test().get(i));
            scores.add(all.testScores().get(i));
        }
        return new CrossValidation.Fold(
                images, scores, at.map(v -> new DecisionThreshold(v, "a rule", "a fold")), remark);
    }

    static Report empty(DatasetSplit split) {
        return Report.of("A title " + NASTY, "/data/" + NASTY, split);
    }
}
