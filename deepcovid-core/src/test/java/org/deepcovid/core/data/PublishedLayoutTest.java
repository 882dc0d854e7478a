package org.deepcovid.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepcovid.core.data.TinyTree.chexpert;
import static org.deepcovid.core.data.TinyTree.covid;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deepcovid.core.data.DatasetOptions.Uncertainty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each published layout on a miniature tree; images by id, label, patient and part. */
class PublishedLayoutTest {

    @TempDir Path root;

    record Case(
            String layout,
            String positive,
            Consumer<TinyTree> tree,
            List<String> images,
            List<String> leftOut) {

        @Override
        public String toString() {
            return layout;
        }
    }

    static Stream<Case> layouts() {
        return Stream.of(
                kaggle(), radiography(), covidx(), covidx9(), nih(), chexpertCase(), cohen());
    }

    private static Case kaggle() {
        return new Case(
                "Kaggle chest_xray",
                "PNEUMONIA",
                tree ->
                        tree.images(
                                        "train/PNEUMONIA/person1_bacteria_1.jpeg",
                                        "train/PNEUMONIA/person1_bacteria_2.jpeg",
                                        "train/NORMAL/IM-0115-0001.jpeg",
                                        "val/PNEUMONIA/person1946_bacteria_4874.jpeg",
                                        "val/NORMAL/NORMAL2-IM-1427-0001.jpeg",
                                        "val/NORMAL/NORMAL2-IM-0007-0002.jpeg",
                                        "test/PNEUMONIA/person1_virus_6.jpeg",
                                        "test/NORMAL/IM-0001-0001.jpeg",
                                        "test/NORMAL/NORMAL2-IM-0007-0001.jpeg",
                                        "chest_xray/test/NORMAL/IM-0001-0001.jpeg")
                                .text("train/NORMAL/.DS_Store", "x"),
                List.of(
                        "test/NORMAL/IM-0001-0001.jpeg NORMAL IM-0001 test",
                        "test/NORMAL/NORMAL2-IM-0007-0001.jpeg NORMAL NORMAL2-IM-0007 test",
                        "test/PNEUMONIA/person1_virus_6.jpeg PNEUMONIA test-person1 test"
                                + " {finding=virus}",
                        "train/NORMAL/IM-0115-0001.jpeg NORMAL IM-0115 train",
                        "train/PNEUMONIA/person1_bacteria_1.jpeg PNEUMONIA person1 train"
                                + " {finding=bacteria}",
                        "train/PNEUMONIA/person1_bacteria_2.jpeg PNEUMONIA person1 train"
                                + " {finding=bacteria}",
                        "val/NORMAL/NORMAL2-IM-1427-0001.jpeg NORMAL NORMAL2-IM-1427 val",
                        "val/PNEUMONIA/person1946_bacteria_4874.jpeg PNEUMONIA person1946 val"
                                + " {finding=bacteria}"),
                List.of(
                        "val/NORMAL/NORMAL2-IM-0007-0002.jpeg patient also in another part:"
                                + " NORMAL2-IM-0007 in test"));
    }

    private static Case radiography() {
        return new Case(
                "COVID-19 Radiography Database",
                "COVID",
                tree ->
                        tree.images(
                                        "COVID/images/COVID-1.png",
                                        "COVID/masks/COVID-1.png",
                                        "Lung_Opacity/images/Lung_Opacity-1.png",
                                        "Lung_Opacity/masks/Lung_Opacity-1.png",
                                        "Normal/images/Normal-1.png",
                                        "Normal/masks/Normal-1.png",
                                        "Viral Pneumonia/images/Viral Pneumonia-1.png",
                                        "Viral Pneumonia/images/Viral Pneumonia-2.png",
                                        "Viral Pneumonia/masks/Viral Pneumonia-1.png",
                                        "Normal/Normal-2.png")
                                .text("COVID.metadata.xlsx", "x")
                                .text("README.md.txt", "x"),
                List.of(
                        "COVID/images/COVID-1.png COVID - - {lung_mask=../masks/COVID-1.png}",
                        "Lung_Opacity/images/Lung_Opacity-1.png Lung_Opacity - -"
                                + " {lung_mask=../masks/Lung_Opacity-1.png}",
                        "Normal/images/Normal-1.png Normal - - {lung_mask=../masks/Normal-1.png}",
                        "Viral Pneumonia/images/Viral Pneumonia-1.png Viral Pneumonia - -"
                                + " {lung_mask=../masks/Viral Pneumonia-1.png}",
                        "Viral Pneumonia/images/Viral Pneumonia-2.png Viral Pneumonia - -"),
                List.of("Normal/Normal-2.png outside images/"));
    }

    private static Case covidx() {
        return new Case(
                "COVIDx lists",
                "positive",
                tree ->
                        tree.images(
                                        "train/MIDRC-RICORD-1C-SITE2-000265-99793-1.png",
                                        "train/COVID (1).png",
                                        "train/1e64990d1b40c1758a2aaa9c7f7a85_jumbo.jpeg",
                                        "test/47c78742-4998-4878-aec4-37b11b1354ac.png",
                                        "test/fig1.png")
                                .text(
                                        "train.txt",
                                        "SITE2-000265 MIDRC-RICORD-1C-SITE2-000265-99793-1.png"
                                                + " positive ricord",
                                        "sirm1 COVID (1).png positive sirm",
                                        "379 1e64990d1b40c1758a2aaa9c7f7a85_jumbo.jpeg negative"
                                                + " cohen",
                                        "380 absent.png negative cohen")
                                .text(
                                        "test.txt",
                                        "47c78742 47c78742-4998-4878-aec4-37b11b1354ac.png negative"
                                                + " rsna",
                                        "fig1 fig1.png positive fig1"),
                List.of(
                        "test/47c78742-4998-4878-aec4-37b11b1354ac.png negative 47c78742 test"
                                + " {source=rsna}",
                        "test/fig1.png positive fig1 test {source=fig1}",
                        "train/1e64990d1b40c1758a2aaa9c7f7a85_jumbo.jpeg negative 379 train"
                                + " {source=cohen}",
                        "train/COVID (1).png positive sirm1 train {source=sirm}",
                        "train/MIDRC-RICORD-1C-SITE2-000265-99793-1.png positive SITE2-000265 train"
                                + " {source=ricord}"),
                List.of("train/absent.png no such file"));
    }

    private static Case covidx9() {
        return new Case(
                "COVIDx lists",
                "COVID-19",
                tree ->
                        tree.images("train/a.png", "train/b.png", "test/c.png", "test/d.png")
                                .text("train_COVIDx9A.txt", "1 a.png COVID-19", "2 b.png normal")
                                .text("test_COVIDx9A.txt", "3 c.png COVID-19", "4 d.png normal"),
                List.of(
                        "test/c.png COVID-19 3 test",
                        "test/d.png normal 4 test",
                        "train/a.png COVID-19 1 train",
                        "train/b.png normal 2 train"),
                List.of());
    }

    private static Case nih() {
        String header =
                "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View"
                        + " Position,OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y],";
        return new Case(
                "NIH ChestX-ray14",
                "Pneumonia",
                tree ->
                        tree.images(
                                        "images_001/images/00000001_000.png",
                                        "images_001/images/00000001_001.png",
                                        "images_002/images/00000002_000.png",
                                        "images/00000003_000.png",
                                        "images/00000004_000.png",
                                        "images/00000006_000.png")
                                .text(
                                        "Data_Entry_2017.csv",
                                        header,
                                        "00000001_000.png,Pneumonia,0,1,058Y,M,PA,2682,2749,0.143,0.143,",
                                        "00000001_001.png,Pneumonia|Edema,1,1,58,M,PA,2894,2729,0.143,0.143,",
                                        "00000002_000.png,No"
                                                + " Finding,0,2,81,M,AP,2500,2048,0.171,0.171,",
                                        "00000003_000.png,No"
                                                + " Finding,0,3,74,F,PA,2500,2048,0.168,0.168,",
                                        "00000004_000.png,Pneumonia,0,4,75,F,PA,2500,2048,0.168,0.168,",
                                        "00000005_000.png,Pneumonia,0,5,75,F,PA,2500,2048,0.168,0.168,",
                                        "00000006_000.png,Pneumonia,0,6,75,F,PA,2500,2048,0.168,0.168,")
                                .text(
                                        "train_val_list.txt",
                                        "00000001_000.png",
                                        "00000001_001.png",
                                        "00000002_000.png",
                                        "00000005_000.png")
                                .text("test_list.txt", "00000003_000.png", "00000004_000.png"),
                List.of(
                        "images/00000003_000.png No Finding 3 test {view=PA, sex=F, age=74}",
                        "images/00000004_000.png Pneumonia 4 test {view=PA, sex=F, age=75}",
                        "images_001/images/00000001_000.png Pneumonia 1 train {view=PA, sex=M,"
                                + " age=58}",
                        "images_002/images/00000002_000.png No Finding 2 train {view=AP, sex=M,"
                                + " age=81}"),
                List.of(
                        "images/00000005_000.png no such file",
                        "images/00000006_000.png in no list of the parts",
                        "images_001/images/00000001_001.png several findings: Pneumonia|Edema"));
    }

    private static void chexpertTree(TinyTree tree) {
        for (int patient = 1; patient < 7; patient++) {
            tree.images("train/patient0000%d/study1/view1_frontal.jpg".formatted(patient));
        }
        tree.images("valid/patient64541/study1/view1_frontal.jpg")
                .text(
                        "train.csv",
                        TinyTree.CHEXPERT,
                        chexpert(
                                "train/patient00001/study1/view1_frontal.jpg",
                                "Frontal",
                                "No Finding",
                                "1.0"),
                        chexpert(
                                "train/patient00001/study1/view2_lateral.jpg",
                                "Lateral",
                                "No Finding",
                                "1.0"),
                        chexpert(
                                "train/patient00002/study1/view1_frontal.jpg",
                                "Frontal",
                                "Pneumonia",
                                "1.0"),
                        chexpert(
                                "train/patient00003/study1/view1_frontal.jpg",
                                "Frontal",
                                "Edema",
                                "-1.0"),
                        chexpert(
                                "train/patient00004/study1/view1_frontal.jpg",
                                "Frontal",
                                "Edema;Fracture",
                                "1.0"),
                        chexpert(
                                "train/patient00005/study1/view1_frontal.jpg",
                                "Frontal",
                                "Edema",
                                "0.0"),
                        chexpert("train/patient00006/study1/view1_frontal.jpg", "Frontal", "", ""))
                .text(
                        "valid.csv",
                        TinyTree.CHEXPERT,
                        chexpert(
                                "valid/patient64541/study1/view1_frontal.jpg",
                                "Frontal",
                                "Pneumonia",
                                "1.0"));
    }

    private static Case chexpertCase() {
        String attributes = " - {view=AP, sex=F, age=68}";
        return new Case(
                "CheXpert",
                "Pneumonia",
                PublishedLayoutTest::chexpertTree,
                List.of(
                        "train/patient00001/study1/view1_frontal.jpg No Finding patient00001"
                                + attributes,
                        "train/patient00002/study1/view1_frontal.jpg Pneumonia patient00002"
                                + attributes,
                        "valid/patient64541/study1/view1_frontal.jpg Pneumonia patient64541"
                                + attributes),
                List.of(
                        "train/patient00001/study1/view2_lateral.jpg not frontal: Lateral",
                        "train/patient00003/study1/view1_frontal.jpg uncertain findings: Edema",
                        "train/patient00004/study1/view1_frontal.jpg several findings: Edema;"
                                + " Fracture",
                        "train/patient00005/study1/view1_frontal.jpg no finding is marked, nor"
                                + " their absence",
                        "train/patient00006/study1/view1_frontal.jpg no finding is marked, nor"
                                + " their absence"));
    }

    private static Case cohen() {
        String rest =
                ", sex=M, age=65, modality=X-ray, location=Hanoi, Vietnam, license=CC BY,"
                        + " url=https://a.b}";
        return new Case(
                "covid-chestxray-dataset",
                "COVID-19",
                tree ->
                        tree.images("images/a.jpeg", "images/b.png", "images/c.png", "images/d.png")
                                .text(
                                        "metadata.csv",
                                        TinyTree.COVID_CHESTXRAY,
                                        covid(
                                                "2",
                                                "Pneumonia/Viral/COVID-19",
                                                "PA",
                                                "X-ray",
                                                "a.jpeg"),
                                        covid(
                                                "2",
                                                "\"COVID-19, ARDS\"",
                                                "AP Supine",
                                                "X-ray",
                                                "b.png"),
                                        covid("3", "Pneumonia/Viral/SARS", "PA", "X-ray", "c.png"),
                                        covid("4", "todo", "PA", "X-ray", "d.png"),
                                        covid(
                                                "5",
                                                "Pneumonia/Viral/COVID-19",
                                                "L",
                                                "X-ray",
                                                "e.png"),
                                        covid(
                                                "6",
                                                "Pneumonia/Viral/COVID-19",
                                                "Axial",
                                                "CT",
                                                "f.png"),
                                        covid("7", "\"SARS, ARDS\"", "AP", "X-ray", "g.png")),
                List.of(
                        "images/a.jpeg COVID-19 2 - {finding=Pneumonia/Viral/COVID-19, view=PA"
                                + rest,
                        "images/b.png COVID-19 2 - {finding=COVID-19, ARDS, view=AP Supine" + rest,
                        "images/c.png SARS 3 - {finding=Pneumonia/Viral/SARS, view=PA" + rest),
                List.of(
                        "images/d.png finding not known: 'todo'",
                        "images/e.png not frontal: L",
                        "images/f.png CT",
                        "images/g.png several findings: SARS; ARDS"));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void isRecognisedAndReadExactly(Case expected) {
        expected.tree().accept(new TinyTree(root));
        DatasetOptions options = DatasetOptions.defaults().withPositive(expected.positive());

        XrayDataset.Survey read = XrayDataset.readSurvey(root, options);

        Reading reading = read.readings().get(0);
        assertThat(reading.layout()).isEqualTo(expected.layout());
        assertThat(reading.describe().get(0)).endsWith("is read as: " + expected.layout());
        assertThat(read.dataset().images())
                .extracting(PublishedLayoutTest::describe)
                .containsExactlyElementsOf(expected.images());
        assertThat(reading.exclusions())
                .extracting(e -> LabelledImage.id(root, e.file()) + " " + e.reason())
                .containsExactlyInAnyOrderElementsOf(expected.leftOut());
        assertThat(XrayDataset.survey(root, options)).isEqualTo(read);
    }

    private static String describe(LabelledImage image) {
        return "%s %s %s %s%s"
                .formatted(
                        image.id(),
                        image.label(),
                        image.patientKnown() ? image.patient() : "-",
                        image.part().map(SplitPart::folderName).orElse("-"),
                        image.attributes().isEmpty() ? "" : " " + image.attributes());
    }

    @Test
    void policyDecidesUncertainFindings() {
        chexpertTree(new TinyTree(root));
        DatasetOptions options = DatasetOptions.defaults().withPositive("Pneumonia");

        XrayDataset ones = XrayDataset.read(root, options.withUncertainty(Uncertainty.ONES));
        Reading zeros =
                XrayDataset.readSurvey(root, options.withUncertainty(Uncertainty.ZEROS))
                        .readings()
                        .get(0);

        assertThat(ones.count(new Label("Edema"))).isEqualTo(1);
        assertThat(zeros.rules()).anyMatch(rule -> rule.startsWith("U-Zeros"));
        assertThat(zeros.exclusions())
                .anyMatch(
                        e ->
                                e.file().toString().contains("patient00003")
                                        && e.reason().startsWith("no finding is marked"));
    }

    @Test
    void maskBelongsToItsImage() {
        radiography().tree().accept(new TinyTree(root));

        assertThat(XrayDataset.read(root).images().get(0).lungMask())
                .contains(root.resolve("COVID/masks/COVID-1.png"));
    }

    @Test
    void saysWhyAnIncompleteDownloadHasNoImages() {
        new TinyTree(root)
                .text(
                        "metadata.csv",
                        TinyTree.COVID_CHESTXRAY,
                        covid("2", "Pneumonia/Viral/COVID-19", "PA", "X-ray", "a.jpeg"));

        assertThat(TextDataset.problems(() -> XrayDataset.read(root)))
                .singleElement()
                .asString()
                .contains("has 0 images", "covid-chestxray-dataset", "left out: 1, no such file");
    }

    @Test
    void foldersOfTheUsersOwnStayFolders() {
        new TinyTree(root)
                .images("train/covid/person1_a.jpeg", "train/non/images/1.png")
                .images("train/non/masks/1.png", "test/covid/1.png", "test/non/1.png")
                .text("train.txt", "These are my images");

        XrayDataset.Survey read = XrayDataset.readSurvey(root, DatasetOptions.defaults());

        assertThat(read.dataset().images()).as("all but the mask").hasSize(4);
        assertThat(read.readings().get(0).rules()).isEmpty();
    }

    @Test
    void listsOfTwoVersionsAndOtherColumnsAreProblems() {
        covidx().tree().accept(new TinyTree(root));
        new TinyTree(root).text("train_COVIDx9A.txt", "1 a.png normal x");
        DatasetOptions options = DatasetOptions.defaults().withPositive("positive");

        assertThat(TextDataset.problems(() -> XrayDataset.read(root, options)))
                .contains(
                        "train.txt and train_COVIDx9A.txt list the same part; keep the lists of one"
                                + " version");
        assertThat(TextDataset.problems(() -> XrayDataset.read(root, options.withLabelColumn("x"))))
                .first()
                .asString()
                .contains("COVIDx lists, which names its labels itself");
    }
}
