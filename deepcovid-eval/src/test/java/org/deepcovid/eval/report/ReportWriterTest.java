package org.deepcovid.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.deepcovid.eval.report.Reports.assertRefused;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.eval.metrics.RocCurve;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ReportWriterTest {

    private static final String NAME = "Net <i>1";

    @TempDir static Path images;
    @TempDir static Path reports;
    @TempDir Path folder;
    private static DatasetSplit split;
    private static Report report;
    private static Path page;
    private static Document document;

    /** Two networks, one of them random, with everything that a report can show. */
    @BeforeAll
    static void write() throws Exception {
        split = Reports.split(images, 12);
        RasterImage overlay = RasterImage.of(1, 1, 3, new byte[] {99, 0, 0});
        report =
                Reports.empty(split)
                        .withNote("A note with <tags> & signs")
                        .withPublished(PublishedResult.deepCovid())
                        .withPending(List.of(NAME, "second", "to come <later>"))
                        .withErrorExamples(2)
                        .with(NAME, Reports.evaluation(split, 1))
                        .with(
                                "second",
                                Reports.evaluation(
                                        split,
                                        2,
                                        Reports.spec("tiny"),
                                        Reports.provenance(
                                                false, 5, FineTuneConfig.releasedScript())),
                                image -> Optional.of(overlay));
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
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    private static String text(String id) {
        return elements("section").stream()
                .filter(section -> section.getAttribute("id").equals(id))
                .findFirst()
                .orElseThrow()
                .getTextContent();
    }

    private static List<String> texts(JsonNode array, String field) {
        List<String> texts = new ArrayList<>();
        array.forEach(entry -> texts.add(entry.get(field).asText()));
        return texts;
    }

    private static JsonNode json() throws IOException {
        return new ObjectMapper().readTree(page.resolveSibling("report.json").toFile());
    }

    @Test
    void pageNeedsNothingFromElsewhereAndRunsNothing() throws IOException {
        assertThat(Files.readString(page))
                .doesNotContain("<script", "http:", "https:", "@import", "url(\"", "<link");
        assertThat(elements("img"))
                .allMatch(image -> image.getAttribute("src").startsWith("data:image/jpeg;base64,"));
        assertThat(elements("a")).allMatch(link -> link.getAttribute("href").startsWith("#"));
    }

    @Test
    void everyIdIsUniqueAndEveryReferenceResolves() {
        Set<String> ids = new HashSet<>();
        for (Element element : elements("*")) {
            if (element.hasAttribute("id")) {
                assertThat(ids.add(element.getAttribute("id")))
                        .as(element.getAttribute("id"))
                        .isTrue();
            }
        }
        for (Element link : elements("a")) {
            assertThat(ids).contains(link.getAttribute("href").substring(1));
        }
        for (Element path : elements("path")) {
            String clip = path.getAttribute("clip-path");
            assertThat(clip.isEmpty() || ids.contains(clip.substring(5, clip.length() - 1)))
                    .as(clip)
                    .isTrue();
        }
    }

    @Test
    void figuresTablesAndPicturesCanBeReadWithoutSeeing() {
        assertThat(elements("svg")).hasSize(2 * 7 + 1 + 1);
        for (Element svg : elements("svg")) {
            assertThat(svg.getAttribute("role")).isEqualTo("img");
            assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isNotBlank();
            assertThat(svg.getElementsByTagName("desc").item(0).getTextContent()).isNotBlank();
        }
        assertThat(elements("img")).isNotEmpty().allMatch(i -> !i.getAttribute("alt").isBlank());
        assertThat(elements("th"))
                .allMatch(header -> header.getAttribute("scope").matches("row|col"));
        for (Element table : elements("table")) {
            assertThat(table.getElementsByTagName("caption").item(0).getTextContent()).isNotBlank();
        }
        assertThat(document.getDocumentElement().getAttribute("lang")).isEqualTo("en");
        assertThat(elements("h1")).hasSize(1);
    }

    @Test
    void textsFromOutsideAppearAsTheyAre() {
        assertThat(elements("h1").get(0).getTextContent()).isEqualTo("A title " + Reports.NASTY);
        assertThat(text("summary"))
                .contains("A note with <tags> & signs")
                .contains("still to come: to come <later>.");
        assertThat(text("data")).contains("/data/" + Reports.NASTY).contains("clinic <A>");
        assertThat(text("network-net-i-1")).contains("Network: " + NAME).contains(Reports.NASTY);
        assertThat(elements("b")).isEmpty();
        assertThat(elements("i")).isEmpty();
    }

    @Test
    void saysWhatItIsNotAndWhatIsDoubtful() {
        assertThat(text("summary"))
                .contains("Not a diagnostic device")
                .contains("Confounded by source")
                .contains("second: Random weights")
                .contains("RANDOM");
        assertThat(text("limits")).contains("Scores are not probabilities of disease");
    }

    @Test
    void networkSectionHoldsNumbersAndProvenance() {
        Evaluation evaluation = Reports.evaluation(split, 1);

        assertThat(text("network-net-i-1"))
                .contains(Format.rate(evaluation.rates().sensitivity()))
                .contains(Format.auc(evaluation.roc().aucEstimate()))
                .contains(
                        "An image is called covid if its score is at least 0.5000: a"
                                + " rule; chosen on 6 images")
                .contains("Brier score", "calibration slope", "average prediction, COVID images")
                .contains("On those, its sensitivity is", "of 3 and its specificity")
                .contains("diagnostic odds ratio", "standardised partial area")
                .contains("Predictive values at other prevalences of COVID-19")
                .contains("Brier score, calibration error after Platt scaling")
                .contains("weights <file>.h5", "ab".repeat(32), "1".repeat(64), "A processor")
                .contains("Test images by sex", "Test images by age", "small group")
                .contains("that the Deep-COVID paper describes");
        assertThat(text("network-second"))
                .contains("PyTorch program released")
                .contains("(RANDOM, never trained)")
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
        assertThat(text("comparison")).contains(NAME + " and second").contains("Holm");
        assertThat(text("checklist"))
                .contains("10.1148/ryai.240300", "10.1038/s41591-025-03953-8")
                .contains("to be answered by a person")
                .contains("filled in");
    }

    @Test
    void everyFigureIsThereAsSvgAndPng() throws Exception {
        List<String> names =
                ReportFigures.of(ReportModel.of(report)).all().stream()
                        .map(figure -> figure.name())
                        .toList();
        assertThat(names)
                .contains(
                        "network-net-i-1-roc",
                        "network-net-i-1-precision-recall",
                        "network-net-i-1-confusion",
                        "network-net-i-1-sweep",
                        "network-net-i-1-scores",
                        "network-net-i-1-calibration",
                        "network-net-i-1-training",
                        "network-net-i-1-errors",
                        "network-second-roc",
                        "comparison-roc",
                        "published-auc");
        for (String name : names) {
            Path figures = page.resolveSibling("figures");
            parsed(Files.readString(figures.resolve(name + ".svg")));
            assertThat(ImageIO.read(figures.resolve(name + ".png").toFile()).getWidth())
                    .isEqualTo(880);
        }
    }

    @Test
    void jsonHoldsTheNumbersUnderAVersionedSchema() throws IOException {
        JsonNode json = json();
        Evaluation evaluation = Reports.evaluation(split, 1);
        JsonNode network = json.get("networks").get(0);

        assertThat(json.get("format").asText()).isEqualTo("deepcovid-report");
        assertThat(json.get("schemaVersion").asInt()).isEqualTo(1);
        assertThat(json.get("title").asText()).isEqualTo("A title " + Reports.NASTY);
        assertThat(json.get("unfinished").get(0).asText()).isEqualTo("to come <later>");
        assertThat(json.at("/dataset/test/images").asInt()).isEqualTo(24);
        assertThat(network.get("name").asText()).isEqualTo(NAME);
        assertThat(network.at("/auc/value").asDouble()).isEqualTo(evaluation.roc().auc());
        assertThat(network.at("/auc/method").asText()).isEqualTo("DELONG_LOGIT");
        assertThat(network.at("/rates/sensitivity/count").asInt())
                .isEqualTo(evaluation.rates().counts().truePositives());
        assertThat(network.at("/byPatient/averagePrecision/value").asDouble())
                .isEqualTo(evaluation.precisionRecall().averagePrecision());
        assertThat(network.at("/byPatient/f1/value").asDouble())
                .isEqualTo(evaluation.rates().f1().orElseThrow());
        assertThat(network.at("/byPatient/f1/lower").asDouble())
                .isLessThan(network.at("/byPatient/f1/upper").asDouble());
        assertThat(network.at("/rates/diagnosticOddsRatio").asDouble())
                .isEqualTo(evaluation.rates().diagnosticOddsRatio().orElseThrow());
        assertThat(network.at("/predictiveValues/1/prevalence").asDouble()).isEqualTo(0.05);
        assertThat(network.at("/predictiveValues/1/positive/value").asDouble())
                .isEqualTo(evaluation.rates().positivePredictiveValueAt(0.05).orElseThrow());
        assertThat(network.at("/threshold/ratesThere/sensitivity/total").asInt()).isEqualTo(3);
        assertThat(texts(network.at("/calibration/recalibrated"), "calibrator"))
                .anyMatch(words -> words.startsWith("Platt scaling"));
        assertThat(network.at("/backbone/trained").asBoolean()).isTrue();
        assertThat(network.at("/training/history")).hasSize(5);
        assertThat(network.at("/roc/0/threshold").isNull()).isTrue();
        assertThat(network.at("/subgroups/sex")).hasSize(2);
        assertThat(network.at("/areasByFinding/Pneumonia/value").isNumber()).isTrue();
        assertThat(network.at("/histograms/COVID-19")).hasSize(24);
        assertThat(json.at("/comparison/0/aucDifference/value").isNumber()).isTrue();
        assertThat(json.get("published")).hasSize(4);
        assertThat(json.get("checklist")).hasSizeGreaterThan(25);
        assertThat(Files.readString(page.resolveSibling("report.json")))
                .doesNotContain("NaN", "Infinity");
    }

    @Test
    void csvHoldsEveryScoreWithItsCall() throws IOException {
        String csv = Files.readString(page.resolveSibling("scores.csv"));
        List<CSVRecord> rows =
                CSVFormat.RFC4180
                        .builder()
                        .setHeader()
                        .setSkipHeaderRecord(true)
                        .get()
                        .parse(new StringReader(csv))
                        .getRecords();

        assertThat(rows).hasSize(48);
        CSVRecord first = rows.get(0);
        Evaluation evaluation = Reports.evaluation(split, 1);
        assertThat(first.get("network")).isEqualTo(NAME);
        assertThat(first.get("image")).isEqualTo(split.test().get(0).id());
        assertThat(first.get("patient")).isEqualTo(split.test().get(0).patient());
        assertThat(Double.parseDouble(first.get("covid_score")))
                .isEqualTo(evaluation.testScores().get(0).covidProbability());
        assertThat(first.get("called")).matches("covid|non");
        assertThat(rows.get(1).get("patient")).isEmpty(); // unknown
    }

    @Test
    void modelCardSaysWhatAnUserOfTheFileMustKnow() throws IOException {
        String card = Files.readString(page.resolveSibling("model-card-second.md"));

        assertThat(card)
                .startsWith("# Model card: second\n")
                .contains("**Not a diagnostic device.")
                .contains("(RANDOM, never trained)")
                .contains("PyTorch program released")
                .contains("Out of scope: any decision about a person")
                .contains("| test | 24 | 12 | " + report.testFingerprint().sha256() + " |")
                .contains("- Random weights");
        assertThat(Files.readString(page.resolveSibling("model-card-net-i-1.md")))
                .startsWith("# Model card: Net \\<i\\>1\n")
                .contains("Dataset of the report: /data/\\<b\\>");
    }

    @Test
    void aLongRunRewritesItsReportAfterEachNetwork() throws Exception {
        ReportWriter writer = ReportWriter.into(folder.resolve("new"), IfExists.FAIL);
        Report waiting = Reports.empty(split).withPending(List.of("a", "b"));
        Report one = waiting.with("a", Reports.evaluation(split, 1));
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
        Report one = Reports.empty(split).with("a", Reports.evaluation(split, 1));
        Path written = ReportWriter.into(folder, IfExists.FAIL).write(one);

        assertThat(Files.readString(written))
                .doesNotContain("id=\"comparison\"", "id=\"published\"");
        assertThat(folder.resolve("figures/comparison-roc.svg")).doesNotExist();
    }

    @Test
    void leavesAnExistingReportAloneUnlessReplacementIsAskedFor() throws IOException {
        Path old = Files.writeString(folder.resolve("report.html"), "old");
        Path other = Files.writeString(folder.resolve("other.txt"), "mine");

        assertThatThrownBy(() -> ReportWriter.into(folder, IfExists.FAIL))
                .isInstanceOf(ReportException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("not empty; choose another or allow replacement");
        assertThat(old).hasContent("old");

        Report one = Reports.empty(split).with("a", Reports.evaluation(split, 1));
        ReportWriter.into(folder, IfExists.REPLACE).write(one);
        assertThat(Files.readString(old)).startsWith("<!DOCTYPE html>");
        assertThat(other).hasContent("mine");
    }

    @Test
    void refusesAFolderThatIsAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("x"), "");

        assertThatThrownBy(() -> ReportWriter.into(file, IfExists.REPLACE))
                .isInstanceOf(ReportException.class)
                .hasMessageContaining("it is a file; name a folder");
    }

    @Test
    void namesTheFileThatCannotBeWritten() throws IOException {
        ReportWriter writer = ReportWriter.into(folder.resolve("r"), IfExists.FAIL);
        Files.createDirectories(folder.resolve("r/report.json"));

        assertThatThrownBy(
                        () ->
                                writer.write(
                                        Reports.empty(split)
                                                .with("a", Reports.evaluation(split, 1))))
                .isInstanceOf(ReportException.class)
                .hasMessageContaining("report.json: it was not written");
        assertThat(folder.resolve("r/report.html")).doesNotExist();
    }

    @Test
    void refusesAReportWithoutNetworks() {
        ReportWriter writer = ReportWriter.into(folder, IfExists.FAIL);

        assertRefused(
                () -> writer.write(Reports.empty(split)), "0 networks; expected at least one");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void sameEvaluationGivesTheSameNumbers() {
        Report again = Reports.empty(split).with("a", Reports.evaluation(split, 1));
        Report once = Reports.empty(split).with("a", Reports.evaluation(split, 1));

        assertThat(again.networks().get(0).results().byPatient())
                .isEqualTo(once.networks().get(0).results().byPatient());
        assertThat(RocCurve.of(Reports.evaluation(split, 1).scores()).auc())
                .isEqualTo(once.networks().get(0).results().curves().auc().auc());
    }
}
