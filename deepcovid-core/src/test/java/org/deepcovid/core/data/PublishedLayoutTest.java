package org.deepcovid.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepcovid.core.data.TinyTree.chexpert;
import static org.deepcovid.core.data.TinyTree.covid;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deepcovid.core.data.DatasetOptions.Uncertainty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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
                kaggle(),
                radiography(),
                covidx(),
                covidx9(),
                nih(),
                chexpertCase(),
                cohen(),
                rsna(),
                siim(),
                vinDr());
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

    private static final String HEADER = "view=PA, modality=DX}";

    private static Case rsna() {
        return new Case(
                "RSNA Pneumonia Detection Challenge",
                "Lung Opacity",
                tree ->
                        tree.images(
                                        "stage_2_train_images/0004cfab-14fd.dcm",
                                        "stage_2_train_images/000924cf-0f8d.dcm",
                                        "stage_2_train_images/00436515-870c.dcm",
                                        "stage_2_test_images/0000a175-0e68.dcm")
                                .text(
                                        "stage_2_train_labels.csv",
                                        "patientId,x,y,width,height,Target",
                                        "0004cfab-14fd,,,,,0",
                                        "000924cf-0f8d,,,,,0",
                                        "00436515-870c,264.0,152.0,213.0,379.0,1",
                                        "00436515-870c,562.0,152.0,256.0,453.0,1",
                                        "00704310-78a8,323.0,577.0,160.0,104.0,1")
                                .text(
                                        "stage_2_detailed_class_info.csv",
                                        "patientId,class",
                                        "0004cfab-14fd,No Lung Opacity / Not Normal",
                                        "000924cf-0f8d,Normal",
                                        "00436515-870c,Lung Opacity",
                                        "00436515-870c,Lung Opacity",
                                        "00704310-78a8,Lung Opacity")
                                .text(
                                        "stage_2_sample_submission.csv",
                                        "patientId,PredictionString",
                                        "0000a175-0e68,0.5 0 0 100 100"),
                List.of(
                        "stage_2_train_images/0004cfab-14fd.dcm No Lung Opacity 0004cfab-14fd -"
                                + " {finding=No Lung Opacity / Not Normal, "
                                + HEADER,
                        "stage_2_train_images/000924cf-0f8d.dcm No Lung Opacity 000924cf-0f8d -"
                                + " {finding=Normal, "
                                + HEADER,
                        "stage_2_train_images/00436515-870c.dcm Lung Opacity 00436515-870c -"
                                + " {finding=Lung Opacity, boxes=264.0 152.0 213.0 379.0; 562.0"
                                + " 152.0 256.0 453.0, "
                                + HEADER),
                List.of("stage_2_train_images/00704310-78a8.dcm no such file"));
    }

    private static Case siim() {
        return new Case(
                "SIIM-FISABIO-RSNA COVID-19",
                "Typical Appearance",
                tree ->
                        tree.images(
                                        "train/5776db0cec75/81456c9c5423/000a312787f2.dcm",
                                        "train/5776db0cec75/81456c9c5423/0012ff7358bc.dcm",
                                        "train/ff0879eb20ed/d8a644cc4f93/000c3a3f293f.dcm",
                                        "train/9d514ce429a7/22897cd1daa0/0051d9b12e72.dcm",
                                        "test/00188a671292/3eb5a506ccf3/3dcdfc352a06.dcm")
                                .text(
                                        "train_study_level.csv",
                                        "id,Negative for Pneumonia,Typical Appearance,Indeterminate"
                                                + " Appearance,Atypical Appearance",
                                        "5776db0cec75_study,0,1,0,0",
                                        "ff0879eb20ed_study,1,0,0,0")
                                .text(
                                        "train_image_level.csv",
                                        "id,boxes,label,StudyInstanceUID",
                                        "000a312787f2_image,\"[{'x': 789.28836, 'y': 582.43035,"
                                                + " 'width': 1026.65662, 'height': 1917.30292},"
                                                + " {'x': 2245.91208, 'y': 591.20528, 'width':"
                                                + " 1094.66162, 'height': 1761.54944}]\",opacity 1"
                                                + " 789.28836 582.43035 1815.94498"
                                                + " 2499.73327,5776db0cec75",
                                        "0012ff7358bc_image,,none 1 0 0 1 1,5776db0cec75",
                                        "000c3a3f293f_image,,none 1 0 0 1 1,ff0879eb20ed",
                                        "0051d9b12e72_image,,none 1 0 0 1 1,9d514ce429a7",
                                        "0065ffc0c5f2_image,,none 1 0 0 1 1,ff0879eb20ed"),
                List.of(
                        "train/5776db0cec75/81456c9c5423/000a312787f2.dcm Typical Appearance"
                                + " 5776db0cec75 - {study=5776db0cec75, boxes=789.28836 582.43035"
                                + " 1026.65662 1917.30292; 2245.91208 591.20528 1094.66162"
                                + " 1761.54944, "
                                + HEADER,
                        "train/5776db0cec75/81456c9c5423/0012ff7358bc.dcm Typical Appearance"
                                + " 5776db0cec75 - {study=5776db0cec75, "
                                + HEADER,
                        "train/ff0879eb20ed/d8a644cc4f93/000c3a3f293f.dcm Negative for Pneumonia"
                                + " ff0879eb20ed - {study=ff0879eb20ed, "
                                + HEADER),
                List.of(
                        "train/9d514ce429a7/22897cd1daa0/0051d9b12e72.dcm its study has no label:"
                                + " 9d514ce429a7",
                        "train/ff0879eb20ed/0065ffc0c5f2.dcm no such file"));
    }

    private static Case vinDr() {
        return new Case(
                "VinDr-CXR",
                "Cardiomegaly",
                tree ->
                        tree.images(
                                        "train/9a5094b2.dicom",
                                        "train/051132a7.dicom",
                                        "train/063319de.dicom",
                                        "train/1c32170b.dicom",
                                        "test/0061cd35.dicom",
                                        "test/008bdde2.dicom")
                                .text(
                                        "annotations/image_labels_train.csv",
                                        "image_id,rad_id,Cardiomegaly,Nodule/Mass,COPD,Other"
                                                + " diseases,No finding",
                                        "9a5094b2,R8,1,0,0,0,0",
                                        "9a5094b2,R9,1,1,0,0,0",
                                        "9a5094b2,R10,0,0,0,0,1",
                                        "051132a7,R8,0,0,0,0,1",
                                        "051132a7,R9,0,0,0,0,1",
                                        "051132a7,R10,0,0,0,0,1",
                                        "063319de,R8,1,0,0,0,0",
                                        "063319de,R9,0,1,0,0,0",
                                        "063319de,R10,0,0,0,0,1",
                                        "1c32170b,R8,1,0,1,0,0",
                                        "1c32170b,R9,1,0,1,0,0",
                                        "1c32170b,R10,1,0,0,0,0",
                                        "gone,R8,1,0,0,0,0")
                                .text(
                                        "annotations/annotations_train.csv",
                                        "image_id,rad_id,class_name,x_min,y_min,x_max,y_max",
                                        "9a5094b2,R8,Cardiomegaly,691.5,1375.0,1653.25,1831.0",
                                        "9a5094b2,R9,Cardiomegaly,700.0,1380.0,1650.0,1830.0",
                                        "9a5094b2,R9,Nodule/Mass,1.0,1.0,9.0,9.0",
                                        "9a5094b2,R10,No finding,,,,",
                                        "051132a7,R8,No finding,,,,")
                                .text(
                                        "annotations/image_labels_test.csv",
                                        "image_id,Cardiomegaly,Nodule/Mass,COPD,Other diseases,No"
                                                + " finding",
                                        "0061cd35,0,0,0,0,1",
                                        "008bdde2,1,0,0,0,0")
                                .text(
                                        "annotations/annotations_test.csv",
                                        "image_id,class_name,x_min,y_min,x_max,y_max",
                                        "008bdde2,Cardiomegaly,10.0,20.0,30.0,60.0"),
                List.of(
                        "test/0061cd35.dicom No finding - test {" + HEADER,
                        "test/008bdde2.dicom Cardiomegaly - test {boxes=10.0 20.0 20.0 40.0, "
                                + HEADER,
                        "train/051132a7.dicom No finding - train {" + HEADER,
                        "train/9a5094b2.dicom Cardiomegaly - train {boxes=691.5 1375.0 961.75"
                                + " 456.0; 700.0 1380.0 950.0 450.0, "
                                + HEADER),
                List.of(
                        "train/063319de.dicom no finding of most radiologists: Cardiomegaly; No"
                                + " finding; Nodule/Mass",
                        "train/1c32170b.dicom several findings: COPD; Cardiomegaly",
                        "train/gone.dicom no such file"));
    }

    /** A patient's studies are kept together by the header, which names the patient. */
    @Test
    void patientsOfStudiesComeFromHeaders() {
        siim().tree().accept(new TinyTree(root));
        for (String file :
                List.of(
                        "5776db0cec75/81456c9c5423/000a312787f2.dcm",
                        "ff0879eb20ed/d8a644cc4f93/000c3a3f293f.dcm")) {
            TinyTree.dicom(file.hashCode())
                    .text(0x00100020, "LO", "8dfeb5d2")
                    .write(root.resolve("train").resolve(file));
        }

        List<LabelledImage> images =
                XrayDataset.read(root, DatasetOptions.defaults().withPositive("Typical Appearance"))
                        .images();

        assertThat(images.get(0).patient()).isEqualTo(images.get(2).patient());
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

    @ParameterizedTest
    @ValueSource(chars = {';', '\t'})
    void listsMayHaveBeenSavedByASpreadsheet(char separator) throws IOException {
        Case rsna = rsna();
        rsna.tree().accept(new TinyTree(root));
        for (Path list :
                List.of(
                        root.resolve("stage_2_train_labels.csv"),
                        root.resolve("stage_2_detailed_class_info.csv"))) {
            Files.writeString(list, Files.readString(list).replace(',', separator));
        }

        assertThat(
                        XrayDataset.read(
                                        root,
                                        DatasetOptions.defaults().withPositive(rsna.positive()))
                                .images())
                .extracting(PublishedLayoutTest::describe)
                .containsExactlyElementsOf(rsna.images());
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
