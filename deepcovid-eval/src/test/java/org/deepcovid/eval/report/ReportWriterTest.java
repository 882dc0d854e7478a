package org.deepcovid.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.deepcovid.eval.metrics.TestLabels.assertRefusedNaming;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.Reading;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.core.training.EpochSummary;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.eval.explain.HeatmapFigure;
import org.deepcovid.eval.figure.Figure;
import org.deepcovid.eval.metrics.BinaryRates;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ReportWriterTest {

    private static final String NAME = "Net <i>1";

    private static final Reading READING =
            new Reading(
                    "<My> set",
                    "class folders",
                    "",
                    List.of("a & b"),
                    List.of(
                            new Reading.Exclusion(Path.of("a.png"), "no label: nobody"),
                            new Reading.Exclusion(Path.of("b.png"), "no label: somebody")));

    @TempDir static Path images;
    @TempDir static Path reports;
    @TempDir Path folder;
    private static DatasetSplit split;
    private static Evaluation evaluation;
    private static Report report;
    private static Path page;
    private static Document document;

    /** Two networks, one of them random, with everything that a report can show. */
    @BeforeAll
    static void write() throws Exception {
        split = Reports.split(images, 12);
        evaluation = Reports.evaluation(split, 1);
        ModelProvenance random = Reports.provenance(false, 5, FineTuneConfig.releasedScript());
        Evaluation second = Reports.evaluation(split, 2, Reports.spec("tiny"), random);
        Evaluation seeded =
                Reports.evaluation(
                        split,
                        3,
                        Reports.spec("tiny"),
                        Reports.provenance(false, 5, FineTuneConfig.releasedScript().withSeed(77)));
        report =
                Reports.empty(split)
                        .withNote("A note with <tags> & signs")
                        .withPublished(PublishedResult.deepCovid())
                        .withPending(List.of(NAME, "second", "to come <later>"))
                        .withExamples(2, 0)
                        .with(NAME, evaluation)
                        .with("second", second, image -> Optional.of(Reports.heatmap(image)))
                        .withSeeds("second", List.of(seeded))
                        .withSurvey(
                                new XrayDataset.Survey(
                                        new XrayDataset(
                                                images,
                                                split.labels(),
                                                split.byPart().values().stream()
                                                        .flatMap(List::stream)
                                                        .toList()),
                                        List.of(READING),
                                        List.of()))
                        .withCrossValidation(Reports.folds(split, evaluation));
        page = ReportWriter.into(reports.resolve("all"), IfExists.FAIL).write(report);
        document = parsed(Files.readString(page));
    }

    private static Document parsed(String xml) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Element> elements(String tag) {
        NodeList nodes = document.getElementsByTagName(tag);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> (Element) nodes.item(i))
                .toList();
    }

    private static String text(String id) {
        return elements("section").stream()
                .filter(section -> section.getAttribute("id").equals(id))
                .findFirst()
                .orElseThrow()
                .getTextContent();
    }

    private static String content(Element element, String tag) {
        return element.getElementsByTagName(tag).item(0).getTextContent();
    }

    private static String file(String name) throws IOException {
        return Files.readString(page.resolveSibling(name));
    }

    private static Report oneNetwork() {
        return Reports.empty(split).with("a", evaluation);
    }

    @Test
    void pageNeedsNothingFromElsewhereAndRunsNothing() throws IOException {
        assertThat(Files.readString(page))
                .doesNotContain("<script", "http:", "https:", "@import", "url(\"", "<link");
        assertThat(elements("img"))
                .allMatch(image -> image.getAttribute("src").startsWith("data:image/jpeg;base64,"));
        assertThat(links()).allMatch(link -> link.startsWith("#") || link.startsWith("figures/"));
    }

    private static List<String> links() {
        return elements("a").stream().map(link -> link.getAttribute("href")).toList();
    }

    @Test
    void heatmapsOfTheShownImagesOpenLarge() throws IOException {
        int shown = ReportModel.of(report).report().networks().get(1).examples().wrong().size();
        List<String> figures = links().stream().filter(link -> !link.startsWith("#")).toList();

        assertThat(figures)
                .hasSize(shown)
                .contains("figures/network-second-error-1.png")
                .doesNotHaveDuplicates();
        for (String figure : figures) {
            assertThat(ImageIO.read(page.resolveSibling(figure).toFile()).getWidth())
                    .isEqualTo(2 * HeatmapFigure.WIDTH);
        }
    }

    @Test
    void imagesFlowFromTheFilesFoundToTheTest() throws IOException {
        int all = split.training().size() + split.validation().size() + split.test().size();
        int fitting = all - split.test().size();
        List<String> steps =
                elements("strong").stream()
                        .map(Element::getTextContent)
                        .filter(text -> text.matches("\\d+ .*"))
                        .toList();

        assertThat(steps)
                .containsSubsequence(
                        all + 2 + " found",
                        "2 left out",
                        split.training().size() + " training",
                        split.validation().size() + " validation",
                        split.test().size() + " test",
                        fitting + " cross-validated");
        assertThat(text("data")).contains("2: no label", "each image scored by 2 networks");
        assertThat(file("report.json")).contains("\"step\" : \"left out\"");
        assertThat(ReportModel.of(oneNetwork()).flow().rows()).hasSize(1); // no survey, no folds
    }

    @Test
    void everyFormatShowsReadingSeedsAndFolds() throws IOException {
        String fold = "%d of 6".formatted(fold().rates().orElseThrow().counts().truePositives());

        assertThat(text("data")).contains("<My> set is read as: class folders", "rule: a & b");
        assertThat(text("folds")).contains("2 folds by patient", fold, "no threshold | here");
        assertThat(text("network-second")).contains("2 trainings that differ");
        JsonNode json = new ObjectMapper().readTree(file("report.json"));
        assertThat(json.at("/dataset/reading/1").asText()).isEqualTo("rule: a & b");
        assertThat(json.at("/crossValidation/folds/0/rates/sensitivity/count").asInt())
                .isEqualTo(fold().rates().orElseThrow().counts().truePositives());
        assertThat(json.at("/crossValidation/folds/0/patients").asInt())
                .isEqualTo(fold().patients());
        assertThat(json.at("/crossValidation/folds/1/rates").isNull()).isTrue();
        assertThat(json.at("/crossValidation/folds/1/remark").asText()).contains("no threshold");
        assertThat(json.at("/networks/1/seeds/auc/range").asDouble()).isPositive();
        assertThat(file("model-card-second.md"))
                .contains("is read as: class folders", "| metric | mean | standard deviation |")
                .contains("## Cross-validation", fold, "no threshold \\| here");
    }

    private static CrossValidation.Fold fold() {
        return Reports.folds(split, evaluation).folds().get(0);
    }

    @Test
    void everyIdIsUniqueAndEveryReferenceResolves() {
        List<String> ids =
                elements("*").stream()
                        .filter(element -> element.hasAttribute("id"))
                        .map(element -> element.getAttribute("id"))
                        .toList();
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(links())
                .filteredOn(link -> link.startsWith("#"))
                .map(link -> link.substring(1))
                .isSubsetOf(ids);
        assertThat(elements("path"))
                .map(path -> path.getAttribute("clip-path"))
                .filteredOn(clip -> !clip.isEmpty())
                .map(clip -> clip.substring(5, clip.length() - 1))
                .isSubsetOf(ids);
    }

    @Test
    void figuresTablesAndPicturesAreAccessible() {
        assertThat(elements("svg")).hasSize(2 * 9 + 1 + 1);
        assertThat(elements("svg"))
                .allMatch(svg -> svg.getAttribute("role").equals("img"))
                .noneMatch(svg -> content(svg, "title").isBlank())
                .noneMatch(svg -> content(svg, "desc").isBlank());
        assertThat(elements("img")).isNotEmpty().allMatch(i -> !i.getAttribute("alt").isBlank());
        assertThat(elements("th"))
                .allMatch(header -> header.getAttribute("scope").matches("row|col"));
        assertThat(elements("table")).noneMatch(table -> content(table, "caption").isBlank());
        assertThat(document.getDocumentElement().getAttribute("lang")).isEqualTo("en");
        assertThat(elements("h1")).hasSize(1);
    }

    @Test
    void textsOfUsersAreEscaped() {
        assertThat(elements("h1").get(0).getTextContent()).isEqualTo("A title " + Reports.NASTY);
        assertThat(text("summary"))
                .contains("A note with <tags> & signs", "still to come: to come <later>.");
        assertThat(text("data")).contains("/data/" + Reports.NASTY, "clinic <A>");
        assertThat(text("network-net-i-1")).contains("Network: " + NAME, Reports.NASTY);
        assertThat(elements("b")).isEmpty();
        assertThat(elements("i")).isEmpty();
    }

    @Test
    void summaryHoldsNoticeAndWarnings() {
        assertThat(text("summary"))
                .contains("Not a diagnostic device", "Confounded by source")
                .contains("second: Random weights", "RANDOM");
        assertThat(text("limits")).contains("Scores are not probabilities of disease");
    }

    @Test
    void networkSectionHoldsNumbersAndProvenance() {
        assertThat(text("network-net-i-1"))
                .contains(Format.rate(evaluation.rates().sensitivity()))
                .contains(Format.auc(evaluation.roc().aucEstimate()))
                .contains("An image is called covid if its score is at least 0.5000: a rule;")
                .contains("at least 0.5000: a rule; chosen on 6 images")
                .contains("Brier score", "calibration slope", "average prediction, covid images")
                .contains("On those, its sensitivity is", "of 3 and its specificity")
                .contains("diagnostic odds ratio", "standardised partial area")
                .contains("Predictive values at other prevalences of covid")
                .contains("Brier score, calibration error after Platt scaling")
                .contains("weights <file>.h5", "ab".repeat(32), "1".repeat(64), "A processor")
                .contains("Test images by sex", "Test images by age", "small group")
                .contains("that the Deep-COVID paper describes");
        assertThat(text("network-second"))
                .contains("PyTorch program released", "(RANDOM, never trained)")
                .contains("evidence of the model, not disease");
    }

    @Test
    void publishedValuesStandBesideNetworksOfTheSameArchitectureOnly() {
        assertThat(text("published"))
                .contains("0.992", "92.9 %", "98.0 % +- 2.7")
                .contains(NAME)
                .contains("DenseNet-121", "0.976", "75.1 %", "not run")
                .doesNotContain("second");
        assertThat(PublishedResult.deepCovid())
                .extracting(PublishedResult::auc)
                .containsExactly(0.989, 0.990, 0.992, 0.976);
    }

    @Test
    void comparisonAndChecklistArePartOfThePage() {
        assertThat(text("comparison")).contains(NAME + " and second", "Holm");
        assertThat(text("checklist"))
                .contains("10.1148/ryai.240300", "10.1038/s41591-025-03953-8")
                .contains("to be answered by a person", "filled in");
    }

    @Test
    void everyFigureIsThereAsSvgAndPng() throws Exception {
        List<Figure> all = ReportFigures.of(ReportModel.of(report)).all();
        assertThat(all)
                .extracting(Figure::name)
                .contains("network-second-roc", "comparison-roc", "published-auc")
                .filteredOn(name -> name.startsWith("network-net-i-1-"))
                .map(name -> name.substring(16))
                .contains("roc", "precision-recall", "confusion", "sweep", "scores")
                .contains("calibration", "training", "errors");
        for (Figure figure : all) {
            parsed(file("figures/" + figure.name() + ".svg"));
            Path png = page.resolveSibling("figures/" + figure.name() + ".png");
            assertThat(ImageIO.read(png.toFile()).getWidth()).isEqualTo(880);
        }
    }

    @Test
    void jsonHoldsTheNumbersUnderAVersionedSchema() throws IOException {
        JsonNode json = new ObjectMapper().readTree(file("report.json"));
        JsonNode network = json.at("/networks/0");
        BinaryRates rates = evaluation.rates();

        assertThat(json.at("/format").asText()).isEqualTo("deepcovid-report");
        assertThat(json.at("/schemaVersion").asInt()).isEqualTo(1);
        assertThat(json.at("/title").asText()).isEqualTo("A title " + Reports.NASTY);
        assertThat(json.at("/unfinished/0").asText()).isEqualTo("to come <later>");
        assertThat(json.at("/dataset/test/images").asInt()).isEqualTo(24);
        assertThat(network.at("/name").asText()).isEqualTo(NAME);
        assertThat(network.at("/auc/method").asText()).isEqualTo("DELONG_LOGIT");
        Map.of(
                        "/auc/value", evaluation.roc().auc(),
                        "/rates/sensitivity/count", (double) rates.counts().truePositives(),
                        "/rates/diagnosticOddsRatio", rates.diagnosticOddsRatio().orElseThrow(),
                        "/byPatient/averagePrecision/value",
                                evaluation.precisionRecall().averagePrecision(),
                        "/byPatient/f1/value", rates.f1().orElseThrow(),
                        "/predictiveValues/1/prevalence", 0.05,
                        "/predictiveValues/1/positive/value",
                                rates.positivePredictiveValueAt(0.05).orElseThrow())
                .forEach(
                        (at, value) ->
                                assertThat(network.at(at).asDouble()).as(at).isEqualTo(value));
        assertThat(network.at("/byPatient/f1/lower").asDouble())
                .isLessThan(network.at("/byPatient/f1/upper").asDouble());
        assertThat(network.at("/threshold/ratesThere/sensitivity/total").asInt()).isEqualTo(3);
        assertThat(network.at("/calibration/recalibrated"))
                .anyMatch(entry -> entry.get("calibrator").asText().startsWith("Platt scaling"));
        assertThat(network.at("/backbone/trained").asBoolean()).isTrue();
        assertThat(network.at("/training/history")).hasSize(5);
        assertThat(network.at("/roc/0/threshold").isNull()).isTrue();
        assertThat(network.at("/subgroups/sex")).hasSize(2);
        assertThat(network.at("/areasByFinding/Pneumonia/value").isNumber()).isTrue();
        assertThat(network.at("/histograms/covid")).hasSize(24);
        assertThat(json.at("/comparison/0/aucDifference/value").isNumber()).isTrue();
        assertThat(json.get("published")).hasSize(4);
        assertThat(json.get("checklist")).hasSizeGreaterThan(25);
        assertThat(file("report.json")).doesNotContain("NaN", "Infinity");
    }

    @Test
    void csvHoldsEveryScoreWithItsCall() throws IOException {
        CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
        List<CSVRecord> rows = format.parse(new StringReader(file("scores.csv"))).getRecords();

        assertThat(rows).hasSize(48);
        CSVRecord first = rows.get(0);
        assertThat(first.get("network")).isEqualTo(NAME);
        assertThat(first.get("image")).isEqualTo(split.test().get(0).id());
        assertThat(first.isMapped("patient")).isFalse();
        assertThat(Double.parseDouble(first.get("covid_score")))
                .isEqualTo(evaluation.testScores().get(0).positiveProbability());
        assertThat(first.get("called")).matches("covid|non");

        List<CSVRecord> named =
                format.parse(new StringReader(ScoresCsv.of(report, true))).getRecords();
        assertThat(named.get(0).get("patient")).isEqualTo(split.test().get(0).patient());
        assertThat(named.get(1).get("patient")).isEmpty(); // unknown
    }

    @Test
    void trainingCurvesHoldEveryEpoch() throws IOException {
        ModelProvenance made = evaluation.provenance();
        EpochSummary kept = made.history().get(made.chosenEpoch() - 1);
        assertThat(file("epochs.csv").split("\n"))
                .hasSizeGreaterThan(made.history().size())
                .startsWith("network,epoch,learning_rate,training_loss,validation_loss,kept")
                .contains(
                        "%s,%d,%s,%s,%s,true"
                                .formatted(
                                        NAME,
                                        kept.epoch(),
                                        made.config().learningRateAt(kept.epoch()),
                                        kept.trainingLoss(),
                                        kept.validationLoss()));
    }

    @Test
    void modelCardHoldsLimitsRecipeAndData() throws IOException {
        assertThat(file("model-card-second.md"))
                .startsWith("# Model card: second\n")
                .contains("**Not a diagnostic device.", "(RANDOM, never trained)")
                .contains("PyTorch program released", "- Random weights")
                .contains("Out of scope: any decision about a person")
                .contains("| test | 24 | 12 | " + report.testFingerprint().sha256() + " |");
        assertThat(file("model-card-net-i-1.md"))
                .startsWith("# Model card: Net \\<i\\>1\n")
                .contains("All images are of /data/\\<b\\>");
    }

    @Test
    void reportIsRewrittenAfterEachNetwork() throws Exception {
        ReportWriter writer = ReportWriter.into(folder.resolve("new"), IfExists.FAIL);
        Report waiting = Reports.empty(split).withPending(List.of("a", "b"));
        Report one = waiting.with("a", evaluation);
        Path written = writer.write(one);
        assertThat(Files.readString(written)).contains("Networks still to come: b.");

        writer.write(one.with("b", Reports.evaluation(split, 2)));

        assertThat(Files.readString(written))
                .doesNotContain("still to come")
                .contains("id=\"network-b\"", "id=\"comparison\"");
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.endsWith(".tmp"));
        }
    }

    @Test
    void oneNetworkNeedsNoComparison() throws Exception {
        Path written = ReportWriter.into(folder, IfExists.FAIL).write(oneNetwork());

        assertThat(Files.readString(written))
                .doesNotContain("id=\"comparison\"", "id=\"published\"");
        assertThat(folder.resolve("figures/comparison-roc.svg")).doesNotExist();
    }

    @Test
    void replacesAnExistingReportOnlyOnRequest() throws IOException {
        Path old = Files.writeString(folder.resolve("report.html"), "old");
        Path other = Files.writeString(folder.resolve("other.txt"), "mine");

        assertThatThrownBy(() -> ReportWriter.into(folder, IfExists.FAIL))
                .isInstanceOf(ReportException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("not empty; choose another or allow replacement");
        assertThat(old).hasContent("old");

        ReportWriter.into(folder, IfExists.REPLACE).write(oneNetwork());
        assertThat(Files.readString(old)).startsWith("<!DOCTYPE html>");
        assertThat(other).hasContent("mine");
    }

    @Test
    void namesTheFileOrFolderThatCannotBeWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("x"), "");
        assertThatThrownBy(() -> ReportWriter.into(file, IfExists.REPLACE))
                .isInstanceOf(ReportException.class)
                .hasMessageContaining("it is a file; name a folder");

        ReportWriter writer = ReportWriter.into(folder.resolve("r"), IfExists.FAIL);
        Files.createDirectories(folder.resolve("r/report.json"));

        assertThatThrownBy(() -> writer.write(oneNetwork()))
                .isInstanceOf(ReportException.class)
                .hasMessageContaining("report.json: it was not written");
        assertThat(folder.resolve("r/report.html")).doesNotExist();
    }

    @Test
    void refusesAReportWithoutNetworks() {
        ReportWriter writer = ReportWriter.into(folder, IfExists.FAIL);

        assertRefusedNaming(
                () -> writer.write(Reports.empty(split)), "0 networks; expected at least one");
        assertThat(folder).isEmptyDirectory();
    }
}
