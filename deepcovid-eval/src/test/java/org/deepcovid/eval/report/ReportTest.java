package org.deepcovid.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepcovid.eval.metrics.TestLabels.assertRefusedNaming;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.provenance.DataFingerprint;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.eval.metrics.RocCurve;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.comparison.HolmCorrection;
import org.deepcovid.eval.metrics.comparison.SeedSummary;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    @TempDir static Path folder;
    private static DatasetSplit split;

    @BeforeAll
    static void draw() {
        split = Reports.split(folder, 12);
    }

    private static Report report() {
        return Reports.empty(split);
    }

    private static Report report(String network, long seed) {
        return report().with(network, Reports.evaluation(split, seed));
    }

    private static Examples examples(Report report) {
        return report.with("net", Reports.evaluation(split, 3)).networks().get(0).examples();
    }

    @Test
    void refusesTwoNetworksThatWouldShareTheirFiles() {
        Report one = report("ResNet-50", 1);

        assertRefusedNaming(
                () -> one.with("resnet 50", Reports.evaluation(split, 2)),
                "network 'resnet 50': the report has one of that name");
        assertRefusedNaming(
                () -> report("\u00e9\u00e9", 1),
                "expected at least one letter from a to z or digit");
    }

    @Test
    void refusesEvaluationsOfOtherImagesAndNegativeNumbersOfExamples() {
        Evaluation other = Reports.evaluation(Reports.split(folder, 11), 1);

        assertRefusedNaming(
                () -> report().with("net", other),
                "evaluated on 22 images that are not the 24 test images");
        assertRefusedNaming(
                () -> report().withExamples(0, -1), "examples are 0 and -1; expected 0 or more");
        assertRefusedNaming(
                () -> report().withExamples(-1, 0), "examples are -1 and 0; expected 0 or more");
    }

    @Test
    void showsTheErrorsFurthestFromTheThreshold() {
        List<Examples.Example> errors = examples(report().withExamples(2, 0)).wrong();
        List<Double> missed =
                Reports.evaluation(split, 3).testScores().stream()
                        .filter(image -> image.truth().equals(Label.COVID))
                        .map(image -> 0.5 - image.positiveProbability())
                        .filter(distance -> distance > 0)
                        .sorted(Comparator.reverseOrder())
                        .limit(2)
                        .toList();
        assertThat(missed).hasSize(2);
        assertThat(errors.stream().filter(e -> e.image().truth().equals(Label.COVID)))
                .extracting(Examples.Example::distance)
                .isEqualTo(missed);
        assertThat(errors).hasSizeLessThanOrEqualTo(4);
        assertThat(errors.get(0).picture().width()).isEqualTo(Examples.PIXELS);
    }

    @Test
    void showsCorrectCallsOnRequestTheMostConfidentFirst() {
        DecisionThreshold threshold = Reports.evaluation(split, 3).threshold();
        List<Examples.Example> right =
                examples(report().withExamples(Report.DEFAULT_ERRORS, 2)).right();

        assertThat(examples(report().withExamples(6, 0)).right()).isEmpty();
        assertThat(right).isNotEmpty().hasSizeLessThanOrEqualTo(4);
        assertThat(right)
                .map(Examples.Example::image)
                .allMatch(
                        image ->
                                image.isPositive()
                                        == threshold.isReachedBy(image.positiveProbability()));
        assertThat(right.stream().filter(e -> e.image().truth().equals(Label.COVID)))
                .extracting(Examples.Example::distance)
                .isSortedAccordingTo(Comparator.reverseOrder());
    }

    @Test
    void drawsOverlaysOfTheShownImagesOnly() {
        List<String> asked = new ArrayList<>();
        OverlaySupplier overlays =
                image -> {
                    asked.add(image.id());
                    return asked.size() == 1
                            ? Optional.of(Reports.heatmap(image))
                            : Optional.empty();
                };

        Report report =
                report().withExamples(1, 0).with("net", Reports.evaluation(split, 3), overlays);
        Examples examples = report.networks().get(0).examples();
        List<Examples.Example> wrong = examples.wrong();

        assertThat(examples.explanation()).contains(overlays.describe());
        assertThat(wrong).extracting(e -> e.image().imageId()).isEqualTo(asked);
        assertThat(wrong.get(0).evidence().orElseThrow().overlay().width())
                .isEqualTo(Examples.PIXELS);
        assertThat(wrong.get(1).evidence()).isEmpty();
        assertThat(examples(report().withExamples(0, 0)).wrong()).isEmpty();
    }

    @Test
    void comparesEveryPairAndAdjustsForTheirNumber() {
        Report two = report("a", 1).with("b", Reports.evaluation(split, 2));
        Report three = two.with("c", Reports.evaluation(split, 3));

        List<Comparison.Pair> pairs = ReportModel.of(three).comparison();

        assertThat(pairs)
                .extracting(pair -> pair.tests().first() + pair.tests().second())
                .containsExactly("ab", "ac", "bc");
        assertAdjusted(
                pairs, p -> p.tests().deLongPValue().orElseThrow(), p -> p.deLong().orElseThrow());
        assertAdjusted(
                pairs,
                p -> p.tests().positives().orElseThrow().exactPValue(),
                p -> p.positives().orElseThrow());
    }

    private static void assertAdjusted(
            List<Comparison.Pair> pairs,
            ToDoubleFunction<Comparison.Pair> raw,
            ToDoubleFunction<Comparison.Pair> adjusted) {
        assertThat(pairs.stream().mapToDouble(adjusted).toArray())
                .containsExactly(HolmCorrection.adjust(pairs.stream().mapToDouble(raw).toArray()));
    }

    @Test
    void warnsOfWeakEvidence() {
        Report report = report("good", 1);
        Evaluation random = evaluation(1, Reports.provenance(false, 5));
        EvaluatedNetwork poor = report.with("poor", random).networks().get(1);

        assertThat(texts(ReportModel.of(report).warnings()))
                .startsWith(
                        "Confounded by source: none of the 12 covid test images shares its source"
                                + " with any of the 12 others. A network that recognises the source"
                                + " instead of the disease would score as well. Test on images of"
                                + " both labels from the same source.")
                .anyMatch(w -> w.startsWith("Few positives: the test part has only 12"))
                .anyMatch(w -> w.contains("of 9 patients; one image more or less"))
                .anyMatch(
                        w ->
                                w.startsWith(
                                        "Few patients: a class of the test part has only 9"
                                                + " patients"))
                .anyMatch(w -> w.startsWith("Patients unknown"))
                .noneMatch(w -> w.contains("Confounded by sex") || w.contains("by finding"));
        assertThat(texts(poor.warnings()))
                .anyMatch(w -> w.startsWith("Random weights"))
                .anyMatch(w -> w.startsWith("Training may have stopped early"))
                .anyMatch(w -> w.startsWith("Few positives to choose the threshold on"))
                .anyMatch(w -> w.startsWith("Threshold at the edge: only"))
                .anyMatch(w -> w.startsWith("Small groups"));
        assertThat(texts(report.networks().get(0).warnings()))
                .noneMatch(
                        w -> w.matches("(?s)(Random weights|Training may|Perfect separation).*"));
    }

    @Test
    void drawnImagesSupportNoConclusion() {
        List<LabelledImage> drawn =
                split.test().stream()
                        .map(
                                image ->
                                        new LabelledImage(
                                                image.id(),
                                                image.file(),
                                                image.label(),
                                                image.patient(),
                                                Optional.empty(),
                                                Map.of("source", "synthetic")))
                        .toList();
        List<Warning> warnings = Warnings.ofImages(split.labels(), drawn);
        assertThat(warnings.get(0).kind()).isEqualTo(Warning.Kind.SYNTHETIC);
        assertThat(Warnings.conclusion(split.labels(), 24, warnings)).contains("are drawn");
        assertThat(Warnings.ofImages(split.labels(), split.test()))
                .noneMatch(warning -> warning.kind() == Warning.Kind.SYNTHETIC);
    }

    private static List<String> texts(List<Warning> warnings) {
        assertThat(warnings).isSorted();
        return warnings.stream().map(Warning::toString).toList();
    }

    @Test
    void everyFormatShowsTheConclusionAndEveryWarning() {
        Report report = report("good", 1);
        Evaluation evaluation = report.networks().get(0).evaluation();
        ReportModel model = ReportModel.of(report);
        String page = HtmlReport.of(model, ReportFigures.of(model), Instant.EPOCH);
        List<String> outputs =
                List.of(
                        evaluation.toText(),
                        report.comparison(),
                        JsonReport.of(model, Instant.EPOCH),
                        page,
                        ModelCard.of(model, report.networks().get(0)));
        assertThat(evaluation.warnings()).hasSizeGreaterThan(4);
        for (String output : outputs) {
            String words = output.replaceAll("\\s+", " ").replace("\\_", "_");
            assertThat(words)
                    .contains("These numbers do not show that the classifier recognises covid");
            for (Warning warning : evaluation.warnings()) {
                assertThat(words).contains(warning.text().split("[:;]")[0], warning.advice());
            }
        }
    }

    private static Evaluation evaluation(long seed, ModelProvenance provenance) {
        return Reports.evaluation(split, seed, Reports.spec("squeezenet-1.1"), provenance);
    }

    private static Evaluation seeded(long seed) {
        FineTuneConfig config = FineTuneConfig.defaults().withSeed(seed);
        return evaluation(seed, Reports.provenance(true, 3, config));
    }

    @Test
    void severalSeedsBecomeMeanSpreadAndRange() {
        Report one = report().with("net", seeded(1)).with("other", Reports.evaluation(split, 9));
        Report report = one.withSeeds("net", List.of(seeded(2), seeded(3)));
        SeedRuns runs = report.networks().get(0).seeds().orElseThrow();
        SeedSummary auc = runs.summaries().get(TestMetric.AUC);

        assertThat(runs.seeds()).containsExactly(1L, 2L, 3L);
        assertThat(auc).isEqualTo(SeedSummary.of(seeds(e -> e.roc().auc())));
        assertThat(runs.summaries().get(TestMetric.SENSITIVITY).highest())
                .isEqualTo(
                        Arrays.stream(seeds(e -> e.rates().sensitivity().orElseThrow().estimate()))
                                .max()
                                .orElseThrow());
        assertThat(report.networks().get(1).seeds()).isEmpty();
        assertThat(answer(report, "other seeds").orElseThrow())
                .contains("Several seeds are listed with net");
        assertThat(answer(one, "other seeds")).isEmpty();
        assertThat(report.networks()).extracting(EvaluatedNetwork::name).contains("other");
    }

    @Test
    void theSpreadOfAMeanIsThatOfItsMembers() {
        FineTuneConfig recipe = FineTuneConfig.robust().withMeanOf(2);
        Evaluation mean = evaluation(1, Reports.provenance(true, 3, recipe));
        Report report =
                Report.of("title", "data", split)
                        .with("net", mean)
                        .withSeeds("net", List.of(seeded(1), seeded(2)));

        assertThat(report.networks().get(0).seeds().orElseThrow().seeds()).containsExactly(1L, 2L);
        assertThat(RecipeText.rows(recipe))
                .hasEntrySatisfying("kept head", head -> assertThat(head).contains("seeds 1 to 2"))
                .hasEntrySatisfying("recipe", name -> assertThat(name).contains("robust"))
                .hasEntrySatisfying("every image", how -> assertThat(how).contains("trimmed"));
    }

    private static double[] seeds(ToDoubleFunction<Evaluation> number) {
        return LongStream.of(1, 2, 3).mapToObj(ReportTest::seeded).mapToDouble(number).toArray();
    }

    @Test
    void foldsArePooledEachAtItsOwnThreshold() {
        Evaluation all = Reports.evaluation(split, 5);
        CrossValidation folds = Reports.folds(split, all);
        CrossValidation.Fold first = folds.folds().get(0);
        FoldResults results = FoldResults.of(folds);

        assertThat(first.patients())
                .isEqualTo(
                        (int)
                                first.images().stream()
                                        .map(LabelledImage::patient)
                                        .distinct()
                                        .count());
        assertThat(folds.rates()).as("of the fold with a threshold").isEqualTo(first.rates());
        assertThat(results.measures())
                .extracting(FoldResults.Measure::metric)
                .containsExactly(
                        TestMetric.AUC,
                        TestMetric.AVERAGE_PRECISION,
                        TestMetric.SENSITIVITY,
                        TestMetric.SPECIFICITY);
        FoldResults.Measure area = results.measures().get(0);
        assertThat(area.pooled()).isCloseTo(all.roc().auc(), within(1e-12));
        double[] areas =
                folds.folds().stream()
                        .mapToDouble(fold -> RocCurve.of(ScoredLabels.of(fold.scores())).auc())
                        .toArray();
        assertThat(area.spread()).isEqualTo(SeedSummary.of(areas));
        assertThat(folds.toText().replaceAll(" +", " "))
                .contains("2 folds by patient, 24 images (12 covid)")
                .contains(Format.auc(all.roc().aucEstimate()) + " " + Format.number(mean(areas)))
                .contains("fold 2 has no sensitivity and specificity: no threshold | here");
        assertRefusedNaming(() -> new CrossValidation(List.of(first)), "there are 1 folds");
        assertRefusedNaming(() -> new CrossValidation(List.of(first, first)), "repeated ids");
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    @Test
    void refusesSeedRunsThatCannotBeCompared() {
        Report one = report().with("net", seeded(1));

        assertRefusedNaming(() -> one.withSeeds("net", List.of(seeded(1))), "two runs have seed 1");
        assertRefusedNaming(
                () -> one.withSeeds("net", List.of()), "there is 1 run; expected at least 2");
        assertRefusedNaming(
                () -> one.withSeeds("else", List.of(seeded(2))),
                "there is no network 'else' to add seeds to");
        FineTuneConfig longer = FineTuneConfig.defaults().withSeed(2).withEpochs(7);
        Evaluation otherRecipe = evaluation(2, Reports.provenance(true, 3, longer));
        assertRefusedNaming(
                () -> one.withSeeds("net", List.of(otherRecipe)),
                "differs from that with seed 1 in network, recipe or test");
    }

    @Test
    void recipesAreRecognisedWithAnySeedAndLength() {
        FineTuneConfig paper = FineTuneConfig.defaults().withSeed(9).withEpochs(3);
        FineTuneConfig script = FineTuneConfig.releasedScript().withSeed(9);

        assertThat(RecipeText.name(paper)).contains("that the Deep-COVID paper describes");
        assertThat(RecipeText.name(script)).contains("PyTorch program released");
        assertThat(RecipeText.name(paper.withBatchSize(7))).isEqualTo("a custom recipe");
        assertThat(RecipeText.rows(script))
                .containsEntry("learning rate", "0.0001, times 0.1 after every 7 epochs")
                .containsEntry("class balance", "none; every image counts once")
                .hasEntrySatisfying(
                        "random changes",
                        text ->
                                assertThat(text)
                                        .contains("8.0 % to 100.0 % of the area")
                                        .endsWith("mirrored with probability 0.5"))
                .hasEntrySatisfying(
                        "departures from the program",
                        text -> assertThat(text).contains("10 random"));
        assertThat(RecipeText.rows(script.withEpochs(10)).get("departures from the program"))
                .startsWith("the kept epoch");
        assertThat(RecipeText.rows(paper)).doesNotContainKey("departures from the program");
    }

    @Test
    void checklistAnswersWhatTheRunRecords() {
        Report report = report("net", 1);

        assertThat(ReportModel.of(report).checklist())
                .filteredOn(item -> item.answer().isEmpty())
                .hasSizeGreaterThan(12);
        assertThat(answer(report, "threshold").orElseThrow()).contains("a rule, on 6 images");
        assertThat(answer(report, "Where do the images come from").orElseThrow())
                .contains("clinic <A>, clinic B");
        assertThat(answer(report, "How were the parts divided").orElseThrow())
                .contains("patients are not known");
        assertThat(answer(report, "ethics")).isEmpty();
    }

    /** Answer to the only question that contains a text. */
    private static Optional<String> answer(Report report, String question) {
        List<Checklist.Item> found =
                ReportModel.of(report).checklist().stream()
                        .filter(item -> item.question().contains(question))
                        .toList();
        assertThat(found).hasSize(1);
        return found.get(0).answer();
    }

    @Test
    void emptyPartsAreLeftOut() {
        Report tried =
                Report.of("Tried", "d", new DatasetSplit(List.of(), List.of(), split.test()));

        DataSummary data = ReportModel.of(tried).data();

        assertThat(data.isTestOnly()).isTrue();
        assertThat(data.present()).extracting(DataSummary.Part::name).containsExactly("test");
        assertThat(data.present().get(0).count().images()).isEqualTo(24);
        assertThat(dataSection(tried))
                .contains("No test image is among the images that a network was fitted on")
                .doesNotContain("No patient is in two parts", "training</th>", "validation");
        assertThat(ReportModel.of(report()).data().isTestOnly()).isFalse();
        assertThat(dataSection(report()))
                .contains("No patient is in two parts", "training</th>", "validation")
                .doesNotContain("No test image is among the images that a network was fitted on");
    }

    @Test
    void useOfAPartFollowsFromWhatItsImagesDecided() {
        Evaluation chosen = Reports.evaluation(split, 1);
        ModelProvenance other = Reports.provenance(true, 3);
        ModelProvenance fitted =
                new ModelProvenance(
                        other.config(),
                        other.weights(),
                        other.trainedLayers(),
                        DataFingerprint.of(split.labels(), split.training()),
                        other.validation(),
                        other.chosenEpoch(),
                        other.history(),
                        other.environment(),
                        other.trainedAt(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());

        assertThat(use("validation", chosen)).endsWith("choosing the threshold");
        assertThat(use("validation", chosen.withThresholdScores(List.of())))
                .contains("nothing in this report");
        assertThat(use("training", chosen)).startsWith("nothing in this report");
        assertThat(use("training", evaluation(1, fitted))).startsWith("fitting the last layer");
    }

    private static String dataSection(Report report) {
        ReportModel model = ReportModel.of(report);
        String page = HtmlReport.of(model, ReportFigures.of(model), Instant.EPOCH);
        return page.substring(page.indexOf("id=\"data\""), page.indexOf("id=\"limits\""));
    }

    private static String use(String part, Evaluation evaluation) {
        return ReportModel.of(report().with("net", evaluation)).data().parts().stream()
                .filter(p -> p.name().equals(part))
                .findFirst()
                .orElseThrow()
                .use();
    }
}
