package org.deepcovid.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepcovid.eval.metrics.TestLabels.assertRefusedNaming;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.Decisions;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.eval.metrics.ClassResults;
import org.deepcovid.eval.metrics.ClassResults.Average;
import org.deepcovid.eval.metrics.ClassResults.Measure;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The user's labels in every file of a report, two or more. */
class LabelsInReportTest {

    private static final String FOLDED_PNEUMONIA = "/crossValidation/measures/5";

    @TempDir static Path images;
    @TempDir static Path reports;
    private static DatasetSplit split;
    private static Evaluation evaluation;
    private static ClassResults results;
    private static Path page;
    private static Report report;

    @BeforeAll
    static void write() {
        split = Reports.split(images, 12, Reports.labels("Normal", "Viral Pneumonia", "COVID-19"));
        evaluation = withThreshold(Reports.evaluation(split, 1), 0.3);
        results = ClassResults.of(evaluation.classScores());
        report =
                Reports.empty(split)
                        .with("first", evaluation)
                        .with("second", Reports.evaluation(split, 2))
                        .withCrossValidation(Reports.folds(split, evaluation));
        page = ReportWriter.into(reports.resolve("three"), IfExists.FAIL).write(report);
    }

    private static Evaluation withThreshold(Evaluation e, double value) {
        DecisionThreshold threshold = new DecisionThreshold(value, "a rule", "9 images");
        return new Evaluation(
                e.network(),
                e.provenance(),
                Decisions.of(threshold),
                e.testImages(),
                e.testScores(),
                e.thresholdScores());
    }

    private static String file(String name) throws IOException {
        return Files.readString(page.resolveSibling(name));
    }

    private static long disagreements() {
        return evaluation.testScores().stream()
                .filter(
                        image ->
                                image.positiveProbability() >= 0.3
                                        != image.probabilities()
                                                .mostLikely()
                                                .name()
                                                .equals("COVID-19"))
                .count();
    }

    @Test
    void pageShowsEveryLabelAgainstTheOthers() throws IOException {
        String html = file("report.html");

        assertThat(disagreements()).isPositive();
        assertThat(html)
                .contains("An image is called COVID-19 if its score is at least 0.3000")
                .contains("between COVID-19 and not COVID-19")
                .contains("disagree on %d of 36 test images".formatted(disagreements()))
                .contains(Format.rate(results.confusion().rowShare(1, 0)))
                .contains(Format.auc(results.classes().get(1).roc().orElseThrow().aucEstimate()))
                .contains(Format.share(results.classes().get(0).rates().sensitivity()))
                .contains(Format.number(results.average(Average.WEIGHTED, Measure.F1)))
                .contains("macro average", "weighted average", "balanced accuracy")
                .contains("Confusion matrix of all labels", "ROC curve of each label")
                .contains("Area under the ROC curve of each label", "Recall of each label")
                .contains("Missed COVID-19 image.", "; most likely ");
        assertThat(page.resolveSibling("figures/network-first-roc-labels.svg")).exists();
        assertThat(page.resolveSibling("figures/network-first-confusion-labels.png")).exists();
    }

    @Test
    void jsonHoldsTableAveragesAndIntervals() throws IOException {
        JsonNode json = new ObjectMapper().readTree(file("report.json"));
        JsonNode all = json.at("/networks/0/allLabels");
        JsonNode pneumonia = all.at("/oneVersusRest/1");

        assertThat(json.at("/dataset/labels/1").asText()).isEqualTo("Viral Pneumonia");
        assertThat(json.at("/dataset/positiveLabel").asText()).isEqualTo("COVID-19");
        assertThat(json.at("/dataset/train/byLabel/Normal").asInt()).isEqualTo(4);
        assertThat(all.at("/confusion/counts/2/0").asInt())
                .isEqualTo(results.confusion().count(2, 0));
        assertThat(all.at("/confusion/rowShares/0/0/total").asInt()).isEqualTo(12);
        assertThat(pneumonia.at("/label").asText()).isEqualTo("Viral Pneumonia");
        assertThat(pneumonia.at("/auc/value").asDouble())
                .isEqualTo(results.classes().get(1).roc().orElseThrow().auc())
                .isEqualTo(pneumonia.at("/byPatient/auc/value").asDouble());
        assertThat(all.at("/macro/precision/value").asDouble())
                .isEqualTo(results.average(Average.MACRO, Measure.PRECISION));
        assertThat(all.at("/weighted/f1/lower").asDouble())
                .isLessThan(all.at("/weighted/f1/upper").asDouble());
        assertThat(all.at("/balancedAccuracy/value").asDouble())
                .isEqualTo(results.confusion().balancedAccuracy());
        assertThat(all.at("/thresholdDisagrees").asLong()).isEqualTo(disagreements());
    }

    @Test
    void foldsShowTheAreaOfEveryLabel() throws IOException {
        String area = "area under the ROC curve, Viral Pneumonia";
        JsonNode measure = new ObjectMapper().readTree(file("report.json")).at(FOLDED_PNEUMONIA);

        assertThat(file("report.html")).contains(area);
        assertThat(file("model-card-first.md")).contains("| " + area);
        assertThat(measure.at("/label").asText()).isEqualTo("Viral Pneumonia");
        assertThat(measure.at("/pooled/value").asDouble())
                .isEqualTo(results.classes().get(1).roc().orElseThrow().auc());
        assertThat(measure.at("/lowest").asDouble()).isLessThan(measure.at("/highest").asDouble());
    }

    @Test
    void csvHoldsEveryProbabilityAndBothDecisions() throws IOException {
        CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
        List<CSVRecord> rows = format.parse(new StringReader(file("scores.csv"))).getRecords();

        for (int i = 0; i < 36; i++) {
            ScoredImage image = evaluation.testScores().get(i);
            boolean positive = image.positiveProbability() >= 0.3;
            CSVRecord row = rows.get(i);
            assertThat(Double.parseDouble(row.get("Viral Pneumonia_score")))
                    .isEqualTo(image.probabilities().values().get(1));
            assertThat(row.get("called")).isEqualTo(positive ? "COVID-19" : "not COVID-19");
            assertThat(row.get("most_likely")).isEqualTo(image.probabilities().mostLikely().name());
        }
    }

    @Test
    void cardAndTextsHoldEveryLabel() throws IOException {
        String area = Format.auc(results.classes().get(0).roc().orElseThrow().aucEstimate());
        assertThat(file("model-card-first.md"))
                .contains("| part | images | COVID-19 | Normal | Viral Pneumonia | fingerprint |")
                .contains("for the labels Normal, Viral Pneumonia, COVID-19")
                .contains("| Normal | 12 | " + area.replaceAll("([\\[\\]])", "\\\\$1"));
        assertThat(evaluation.toText().lines()).allMatch(line -> line.length() <= 100);
        assertThat(evaluation.toText())
                .contains("called not COVID-19", "most likely label", "called Viral Pneumonia")
                .contains("macro average", "balanced accuracy")
                .containsPattern(
                        "  Normal +%d +%d +%d\\R"
                                .formatted(
                                        results.confusion().count(0, 0),
                                        results.confusion().count(0, 1),
                                        results.confusion().count(0, 2)));
        assertThat(report.comparison().lines()).allMatch(line -> line.length() <= 140);
        assertThat(report.comparison())
                .contains("Each label against all others")
                .containsPattern("Viral Pneumonia +second +0\\.");
    }

    @Test
    void manyLabelsKeepTheWidthOfTheText() {
        LabelSet labels =
                Reports.labels(
                        Stream.iterate(1, i -> i <= 12, i -> i + 1)
                                .map(i -> "a label of very many letters number " + i)
                                .toArray(String[]::new));
        DatasetSplit many = Reports.split(images.resolve("many"), 3, labels);

        assertThat(Reports.evaluation(many, 1).toText().lines())
                .allMatch(line -> line.length() <= 100);
    }

    @Test
    void namesNoLabelThatTheUserDoesNotHave() throws IOException {
        DatasetSplit two =
                Reports.split(images.resolve("two"), 6, Reports.labels("NORMAL", "PNEUMONIA"));
        Evaluation binary = Reports.evaluation(two, 1);
        Report both =
                Report.of("t", "d", two).with("a", binary).with("b", Reports.evaluation(two, 2));
        Path written = ReportWriter.into(reports.resolve("two"), IfExists.FAIL).write(both);
        String alien = "(?i)(?<![\\w-])(covid|non)(?!\\w)";

        assertThat(binary.toText()).contains("called PNEUMONIA").doesNotContainPattern(alien);
        assertThat(both.comparison()).doesNotContainPattern(alien);
        assertThat(Files.readString(written))
                .contains("Missed PNEUMONIA image.", "share of PNEUMONIA images")
                .doesNotContain("All labels", "most likely")
                .doesNotContainPattern(alien.replace("covid", "covid(?!-19<)"));
        for (String name : List.of("model-card-a.md", "scores.csv")) {
            assertThat(Files.readString(written.resolveSibling(name)))
                    .contains("PNEUMONIA")
                    .doesNotContainPattern(alien);
        }
    }

    @Test
    void refusesNetworksOfOtherLabels() {
        DatasetSplit two = Reports.split(images, 12);

        assertRefusedNaming(
                () -> report.with("third", Reports.evaluation(two, 1)),
                "network 'third' has the labels [non, covid], positive covid");
    }
}
