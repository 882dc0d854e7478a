package org.deepcovid.core.data;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;
import static org.deepcovid.core.data.TextDataset.ids;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deepcovid.core.DatasetException;
import org.deepcovid.testing.SharedData;
import org.deepcovid.testing.SyntheticRadiographs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XrayManifestTest {

    @TempDir Path root;

    @BeforeEach
    void writeImages() {
        SyntheticRadiographs.writeClasses(root, 3, 1);
    }

    private Path manifest(String... lines) throws IOException {
        return Files.writeString(root.resolve("manifest.csv"), String.join("\n", lines));
    }

    private static List<String> problems(ThrowingCallable call) {
        return TextDataset.problems(call);
    }

    private List<String> problems(String... lines) throws IOException {
        Path csv = manifest(lines);
        DatasetException e =
                catchThrowableOfType(DatasetException.class, () -> XrayDataset.read(csv));
        assertThat(e).hasMessageContaining(csv.toString());
        return e.problems();
    }

    @Test
    void readsColumnsInAnyOrderAndKeepsTheOthers() throws IOException {
        manifest(
                "\uFEFFSex,label, file ,Age,split,patient,Source",
                "f,non,non/001.png,,test,p1,\"Hospital \"\"A\"\", north\"",
                "m,Covid,covid/000.png,51,train,p2,B",
                "m,covid,covid/001.png,52,test,p3,B",
                "m,non,non/000.png,53,train,p4,B");

        XrayDataset dataset = XrayDataset.read(root);

        assertThat(ids(dataset))
                .containsExactly("covid/000.png", "covid/001.png", "non/000.png", "non/001.png");
        LabelledImage last = dataset.images().get(3);
        assertThat(last.label()).isEqualTo(Label.NON_COVID);
        assertThat(last.patient()).isEqualTo("p1");
        assertThat(last.part()).contains(SplitPart.TEST);
        assertThat(last.attributes())
                .containsExactly(
                        entry("sex", "f"),
                        entry("age", ""),
                        entry("source", "Hospital \"A\", north"));
        assertThat(dataset.patientsKnown()).isTrue();
    }

    @Test
    void advisesTheColumnThatHoldsTheClassifiersLabels() throws IOException {
        DatasetOptions options =
                DatasetOptions.defaults()
                        .withLabels(LabelSet.of(List.of("Flu", "Covid", "None"), Optional.empty()));
        manifest(
                "file,label,view,finding",
                "covid/000.png,covid,PA,covid",
                "non/000.png,non,AP,Flu");
        assertThatThrownBy(() -> XrayDataset.read(root, options))
                .hasMessageContaining(
                        "the column 'finding' holds the classifier's labels: --label-column"
                                + " finding");
        manifest("file,label", "covid/000.png,covid", "non/000.png,non");
        assertThatThrownBy(() -> XrayDataset.read(root, options))
                .hasMessageContaining("prepare --map OLD=NEW");
    }

    @Test
    void rejectsPartWithoutBothClasses() throws IOException {
        assertThat(
                        problems(
                                "file,label,split",
                                "covid/000.png,covid,train",
                                "non/000.png,non,test"))
                .containsExactly(
                        "test has 0 covid images; expected some of every class",
                        "train has 0 non images; expected some of every class");
    }

    @Test
    void imageWithoutPatientIsItsOwnPatient() throws IOException {
        manifest(
                "file,label,patient",
                "covid/000.png,covid,a",
                "covid/001.png,covid,Unknown",
                "non/000.png,non,");

        XrayDataset.Survey read = XrayDataset.readSurvey(root, DatasetOptions.defaults());

        assertThat(read.readings().get(0).layout()).isEqualTo("manifest manifest.csv");
        assertThat(read.dataset().layout()).contains("manifest");
        assertThat(read.readings().get(0).rules())
                .containsExactly(
                        "unknown-patients: 'Unknown', the patient of 1 images, is no name");
        XrayDataset dataset = read.dataset();
        assertThat(dataset.images().get(1).patient()).isEqualTo("covid/001.png");
        assertThat(dataset.images().get(2).patient()).isEqualTo("non/000.png");
        assertThat(dataset.images().get(1).patientKnown()).isFalse();
        assertThat(dataset.patientsKnown()).isFalse();
        assertThat(dataset.images().get(1).part()).isEqualTo(Optional.empty());
    }

    @Test
    void reportsAllProblemsAtOnce() throws IOException {
        Files.writeString(root.resolve("non/text.png"), "no image");

        assertThat(
                        problems(
                                "file,label,split,patient",
                                "covid/000.png,covid,train,a",
                                "covid/000.png,covid,train,a",
                                "covid/001.png,pneumonia,train,b",
                                "covid/002.png,covid,holdout,c",
                                "non/000.png,non,test,a",
                                "non/gone.png,non,train,d",
                                "non/text.png,non,train,e",
                                "non/001.png,non,train",
                                ",non,train,f",
                                "no\0path.png,non,train,g"))
                .containsExactlyInAnyOrder(
                        "line 3: covid/000.png is also on line 2",
                        "line 4: label is 'pneumonia'; expected covid or non",
                        "line 5: split is 'holdout'; expected train, val or test",
                        "patient a has images in train and test; expected one part per patient",
                        "line 9 has 3 values; expected 4",
                        "line 10: file is blank",
                        "line 11: file 'no\0path.png' is not a path: Nul character not allowed");
    }

    @Test
    void patientsAreComparedWithoutBlanksAndPlaceholdersAreUnknown() throws IOException {
        manifest(
                "file,label,patient",
                "covid/000.png,covid,Jose\u0301 1",
                "covid/001.png,covid,Jos\u00e9\u00a01\u200b",
                "covid/002.png,covid,NaN",
                "non/000.png,non,-",
                "non/001.png,non,unknown",
                "non/002.png,non,Nana");

        assertThat(XrayDataset.read(root).images())
                .extracting(LabelledImage::patient)
                .containsExactly(
                        "Jos\u00e91",
                        "Jos\u00e91",
                        "covid/002.png",
                        "non/000.png",
                        "non/001.png",
                        "Nana");
    }

    @Test
    void identifiersThatMayBeOnePatientArePointedOut() throws IOException {
        manifest(
                "file,label,patient",
                "covid/000.png,covid,p1",
                "covid/001.png,covid,P1",
                "covid/002.png,covid,17",
                "non/000.png,non,0017.0",
                "non/001.png,non,170",
                "non/002.png,non,100");

        XrayDataset.Survey read = XrayDataset.readSurvey(root, DatasetOptions.defaults());

        assertThat(read.readings().get(0).rules())
                .singleElement()
                .asString()
                .startsWith("patients-alike: 2 groups")
                .endsWith("such as 0017.0 and 17, P1 and p1");
        assertThat(TextDataset.patients(read.dataset().images())).hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {";", "\t", ","})
    void spreadsheetsMayWriteTheManifest(String delimiter) throws IOException {
        String text =
                "File,Label,Patient,,\r\ncovid\\000.png,covid,P1,,\r\nnon\\000.png,non,P2,,\r\n"
                        .replace(",", delimiter);
        Path csv = root.resolve("manifest.csv");
        for (String content : List.of(text, "sep=" + delimiter + "\r\n" + text)) {
            for (Charset charset :
                    List.of(StandardCharsets.UTF_8, UTF_16LE, StandardCharsets.UTF_16BE)) {
                Files.writeString(csv, "\uFEFF" + content, charset);
                assertThat(XrayDataset.read(root).images())
                        .extracting(LabelledImage::id, LabelledImage::patient)
                        .containsExactly(tuple("covid/000.png", "P1"), tuple("non/000.png", "P2"));
            }
        }
    }

    @Test
    void formulasOfTheWriterAreReadBack() throws IOException {
        manifest("file,label,source", "covid/000.png,covid,'=1+1", "non/000.png,non,'@x");

        assertThat(XrayDataset.read(root).images())
                .extracting(image -> image.attributes().get("source"))
                .containsExactly("=1+1", "@x");
    }

    @Test
    void onePatientMayHaveBothLabels() throws IOException {
        manifest("file,label,patient", "covid/000.png,covid,a", "non/000.png,non,a");

        assertThat(XrayDataset.read(root).images()).hasSize(2);
    }

    @Test
    void rejectsHeaderThatIsIncompleteOrAmbiguous() throws IOException {
        assertThat(problems("path,class", "a,b"))
                .containsExactly(
                        "the header [path, class] has no column 'file'",
                        "the header [path, class] has no column 'label'");
        assertThat(problems("file,label,View,view", "a,covid,b,c"))
                .containsExactly("the header names column 'view' twice");
        assertThat(problems("")).containsExactly("lists 0 images");
        assertThat(problems("file,label")).containsExactly("lists 0 images");
    }

    @Test
    void rejectsTextThatIsNoCsv() throws IOException {
        assertThat(problems("file,label", "\"covid/000.png,covid"))
                .singleElement()
                .asString()
                .startsWith("is not well-formed CSV");
        Path csv = root.resolve("manifest.csv");
        Files.write(csv, "file,label\nä.png,covid".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(problems(() -> XrayDataset.read(csv))).containsExactly("the text is not UTF-8");
    }

    @Test
    void surveyOfTextThatIsNoCsvKeepsTheLinesBefore() throws IOException {
        Path csv = manifest("file,label", "a.png,Flu", "b.png,COVID-19", "\"c.png,Flu");

        XrayDataset.Survey survey = XrayDataset.survey(csv, DatasetOptions.defaults());

        assertThat(ids(survey.dataset())).containsExactly("a.png", "b.png");
        assertThat(survey.problems()).anyMatch(p -> p.startsWith("is not well-formed CSV"));
    }

    @Test
    void rejectsMissingManifest() {
        assertThat(problems(() -> XrayDataset.readManifest(root.resolve("gone.csv"))))
                .singleElement()
                .asString()
                .contains("cannot be read");
    }

    @Test
    void fileOutsideManifestFolderKeepsRelativeId() throws IOException {
        Path inner = Files.createDirectories(root.resolve("lists"));
        Path csv =
                Files.writeString(
                        inner.resolve("list.csv"),
                        "file,label\n../covid/000.png,covid\n../non/000.png,non\n");

        assertThat(ids(XrayDataset.read(csv)))
                .containsExactly("../covid/000.png", "../non/000.png");
    }

    @Test
    void anotherColumnMayNameTheLabels() throws IOException {
        Path csv =
                manifest(
                        "file,label,Finding",
                        "covid/000.png,covid,COVID-19",
                        "covid/001.png,covid,covid-19",
                        "non/000.png,non,No Finding",
                        "non/001.png,non,Edema");

        XrayDataset dataset =
                XrayDataset.read(csv, DatasetOptions.defaults().withLabelColumn("finding"));

        assertThat(dataset.labels().names()).containsExactly("COVID-19", "Edema", "No Finding");
        assertThat(dataset.labels().positive()).isEqualTo(new Label("COVID-19"));
        assertThat(dataset.count(new Label("COVID-19"))).isEqualTo(2);
        assertThat(dataset.images().get(0).attributes())
                .containsExactly(entry("other_label", "covid"));
        assertThat(
                        problems(
                                () ->
                                        XrayDataset.read(
                                                csv,
                                                DatasetOptions.defaults().withLabelColumn("view"))))
                .containsExactly("the header [file, label, finding] has no column 'view'");
    }

    @Test
    void refusesSeveralLabelsPerImage() throws IOException {
        String advice =
                "; several labels per image are not supported: give each image one label, without"
                        + " | ; and ,";

        assertThat(
                        problems(
                                "file,label",
                                "covid/000.png,COVID-19",
                                "covid/001.png,Edema|Effusion",
                                "covid/002.png,Edema;Effusion",
                                "non/000.png,",
                                "non/001.png,Edema"))
                .containsExactly(
                        "line 3: label is 'Edema|Effusion'" + advice,
                        "line 4: label is 'Edema;Effusion'" + advice,
                        "line 5: label is blank");
    }

    @Test
    void readsRealManifest() {
        XrayDataset dataset = XrayDataset.read(SharedData.path("data/cxr-1k"));

        assertThat(dataset.images()).hasSize(911);
        assertThat(dataset.count(Label.COVID)).isEqualTo(124);
        assertThat(dataset.patientsKnown()).isTrue();
        assertThat(dataset.images().get(0).attributes()).containsOnlyKeys("finding", "source");
        assertThat(dataset.verify()).isSameAs(dataset);
    }

    @Test
    void surveyOfAManifestNamesItsProblemsAndKeepsTheOtherLines() throws IOException {
        Path csv =
                manifest(
                        "file,label,patient,split",
                        "a.png,covid,p,train",
                        "b.png,flu,q,test",
                        "c.png,non,p,test");

        XrayDataset.Survey survey = XrayDataset.survey(csv, DatasetOptions.defaults());

        assertThat(ids(survey.dataset())).containsExactly("a.png", "c.png");
        assertThat(survey.problems())
                .anyMatch(p -> p.contains("label is 'flu'"))
                .anyMatch(p -> p.contains("patient p has images in train and test"));
    }
}
