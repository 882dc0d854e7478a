package org.deepcovid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deepcovid.core.data.DatasetOptions;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.SplitPart;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.model.tensors.SafetensorsReader;
import org.deepcovid.phantoms.PhantomCounts;
import org.deepcovid.phantoms.PhantomDataset;
import org.deepcovid.phantoms.PhantomGenerator;
import org.deepcovid.testing.SyntheticRadiographs;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three classes from the images to scores and heatmaps: the findings of phantoms. */
class ThreeFindingsTest extends TerminalTest {

    private static final List<String> LABELS = List.of("COVID-19", "No Finding", "Pneumonia");

    @TempDir static Path shared;
    private static Path data;
    private static Path classifier;

    @BeforeAll
    static void fineTune() {
        data = shared.resolve("phantoms");
        PhantomDataset.write(
                data,
                Map.of(
                        SplitPart.TRAIN, counts(120),
                        SplitPart.VALIDATION, counts(20),
                        SplitPart.TEST, counts(40)),
                PhantomGenerator.seeded(20).withContrast(3));
        classifier = shared.resolve("three.deepcovid");
        Terminal.Run run =
                new Terminal(shared)
                        .succeeds(
                                "fine-tune %s -o %s --label-column finding --copies 1 --epochs 200"
                                        + " --learning-rate 0.003 --report %s",
                                data, classifier, shared.resolve("report"));
        assertThat(run.err())
                .contains(
                        "images (COVID-19, No Finding, Pneumonia): train 360 (120, 120,"
                                + " 120)  val 60 (20, 20, 20)  test 120 (40, 40, 40)");
        assertThat(run.out()).contains("fitted on 360 images (120 COVID-19)");
    }

    private static PhantomCounts counts(int each) {
        return new PhantomCounts(each, each, each);
    }

    private static List<LabelledImage> testImages() {
        return XrayDataset.read(data, DatasetOptions.defaults().withLabelColumn("finding"))
                .images()
                .stream()
                .filter(image -> image.part().orElseThrow() == SplitPart.TEST)
                .toList();
    }

    @Test
    void eachFindingIsToldFromTheOthers() throws IOException {
        JsonNode report =
                new ObjectMapper().readTree(shared.resolve("report/report.json").toFile());

        assertThat(report.at("/networks/0/allLabels/oneVersusRest"))
                .hasSize(3)
                .allSatisfy(
                        label ->
                                assertThat(label.at("/auc/value").asDouble())
                                        .as(label.at("/label").asText())
                                        .isGreaterThanOrEqualTo(0.95));
        assertThat(shared.resolve("report/report.html"))
                .content()
                .contains("Each label against all others", "ROC curve of each label");
    }

    @Test
    void exportsHaveEveryLabel() throws Exception {
        Path onnx = folder.resolve("three.onnx");
        Path tensors = folder.resolve("three.safetensors");
        terminal.succeeds("export %s -o %s", classifier, onnx);
        terminal.succeeds("export %s -o %s", classifier, tensors);
        try (OrtSession session = OrtEnvironment.getEnvironment().createSession(onnx.toString());
                SafetensorsReader reader = SafetensorsReader.open(tensors)) {
            assertThat(session.getMetadata().getCustomMetadata())
                    .containsEntry("labels", String.join(",", LABELS))
                    .containsEntry("positive", "COVID-19");
            assertThat(reader.tensors())
                    .anySatisfy(tensor -> assertThat(tensor.shape()).startsWith(3L));
        }
    }

    @Test
    void predictHasAColumnForEachLabel() throws IOException {
        Path image = testImages().get(0).file();
        String table = terminal.run("predict", classifier, image, "-q").out();
        assertThat(table.lines().toList().get(0))
                .matches(
                        "COVID-19 +No Finding +Pneumonia +threshold +called +positive +distance"
                                + " +file");
        assertThat(table.lines().toList().get(1))
                .matches("[01]\\.\\d{4} +[01]\\.\\d{4} +[01]\\.\\d{4} +\\w.* (yes|no) .*png.*");
        String csv = terminal.run("predict %s %s -q --format csv", classifier, image).out();
        assertThat(csv)
                .startsWith(
                        "file,COVID-19_score,No Finding_score,Pneumonia_score,threshold,called,"
                                + "positive,error");
        for (String threshold : List.of("0", "1")) {
            JsonNode json =
                    new ObjectMapper()
                            .readTree(
                                    terminal.run(
                                                    "predict %s %s --format jsonl --threshold %s",
                                                    classifier, image, threshold)
                                            .out());
            assertThat(json.get("scores").properties()).hasSize(3);
            assertThat(json.get("called").asText()).isEqualTo("COVID-19");
            assertThat(json.get("positive").asBoolean()).isEqualTo(threshold.equals("0"));
        }
    }

    @Test
    void infoShowsTheLabels() {
        output("info", classifier)
                .contains("COVID-19, No Finding, Pneumonia; positive: COVID-19")
                .containsPattern("data read as +manifest\n")
                .contains("360 images, 120 COVID-19, 120 No Finding, 120 Pneumonia, 360 patients");
    }

    @Test
    void evaluateExpectsTheLabelsOfTheClassifier() {
        errors(3, "evaluate", classifier, data)
                .contains(
                        "the labels of the data are [covid, non], those of the classifier are"
                                + " [COVID-19, No Finding, Pneumonia]")
                .contains("--label-column finding");
        errors(2, "evaluate %s %s --label-column finding --positive Pneumonia", classifier, data)
                .contains("the positive label of the classifier is COVID-19");
        output("evaluate %s %s --label-column finding", classifier, data)
                .contains("tested on 120 images (40 COVID-19)");
    }

    @Test
    void compareRefusesClassifiersOfDifferentLabels() {
        Path other = SyntheticRadiographs.writeParts(folder.resolve("data"), 8, 4, 5, 1);
        Path binary = Terminal.saveClassifier(other, folder.resolve("binary.deepcovid"), 1);
        errors(3, "compare %s %s --data %s", classifier, binary, data)
                .contains("the classifiers have different labels");
    }

    @Test
    void explainsAnyLabel() {
        Path image = testImages().get(0).file();
        for (String label : LABELS) {
            Path pictures = folder.resolve(label);
            output(
                            "explain",
                            classifier,
                            image,
                            "-o",
                            pictures,
                            "--methods",
                            "cam",
                            "--label",
                            label)
                    .contains("score for " + label);
            assertThat(pictures).isDirectoryContaining("glob:**.png");
        }
        errors(2, "explain %s %s -o %s --label flu", classifier, image, folder)
                .contains("--label is 'flu'; expected one of [COVID-19, No Finding, Pneumonia]");
    }

    @Test
    void auditCountsEveryLabel() {
        output("audit %s --label-column finding", data)
                .containsPattern("images +COVID-19 No Finding Pneumonia")
                .containsPattern("train +120 +120 +120");
    }

    @Test
    void preparedManifestHasTheChosenLabels() throws IOException {
        Path manifest = folder.resolve("manifest.csv");
        output("prepare %s -o %s --label-column finding", data, manifest)
                .contains("images (COVID-19, No Finding, Pneumonia): train 360")
                .contains("columns file, label, patient, split, other_label, source");
        assertThat(Files.readString(manifest)).contains(",No Finding,", ",non,synthetic");
        assertThat(XrayDataset.read(manifest).labels().positive()).isEqualTo(new Label("COVID-19"));
    }

    @Test
    void asksForThePositiveLabelWhereItIsNotClear() {
        Path root = folder.resolve("kaggle");
        for (String name : List.of("NORMAL", "PNEUMONIA")) {
            SyntheticRadiographs.writeClasses(root.resolve(name), 6, name.length());
        }
        Path manifest = folder.resolve("manifest.csv");
        errors(3, "prepare", root, "-o", manifest)
                .contains("the labels [NORMAL, PNEUMONIA]", "--positive NAME");
        output("prepare %s -o %s --positive PNEUMONIA", root, manifest)
                .contains("images (PNEUMONIA): train");
    }
}
