package org.deepcovid.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deepcovid.core.image.dicom.PatientKey;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.testing.DicomFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DicomColumnsTest {

    @TempDir private Path folder;

    private static DicomFile radiograph(String patient) {
        return DicomFile.of(2, 2, new byte[] {1, 2, 3, (byte) patient.hashCode()})
                .text(0x00100010, "PN", "Doe^Jane")
                .text(0x00100020, "LO", patient);
    }

    /** Four people with two images each. */
    private XrayDataset people() {
        for (int i = 0; i < 8; i++) {
            String label = i < 4 ? "covid" : "non";
            radiograph("SECRET-" + i / 2)
                    .text(0x00080020, "DA", "2020040" + i)
                    .write(folder.resolve("%s/%d.dcm".formatted(label, i)));
        }
        return XrayDataset.read(folder);
    }

    @Test
    void columnsComeFromHeaders() {
        radiograph("A")
                .text(0x00100040, "CS", "F")
                .text(0x00101010, "AS", "034Y")
                .text(0x00080070, "LO", "Maker\u001b[2J")
                .text(0x00081090, "LO", "X 1")
                .text(0x00185101, "CS", "LL")
                .text(0x00280301, "CS", "YES")
                .text(0x00080020, "DA", "20200401")
                .write(folder.resolve("covid/a.dcm"));
        DicomFile.of(1, 1, new byte[1]).without(0x00185101).write(folder.resolve("non/b"));

        List<LabelledImage> images = XrayDataset.read(folder).images();

        assertThat(images.get(0).attributes())
                .isEqualTo(
                        Map.of(
                                "view", "LL",
                                "sex", "F",
                                "age", "34",
                                "scanner", "Maker [2J X 1",
                                "modality", "DX",
                                "flags", "lateral view; burned-in annotation"));
        assertThat(images.get(1).attributes()).isEqualTo(Map.of("modality", "DX"));
        assertThat(images.get(1).patientKnown()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"034Y, 34", "000Y, 0", "006M, 0.5", "052W, 0.9", "036M, 3", "100D, 0.2", "old, "})
    void ageIsInYears(String age, String expected) {
        radiograph("A").text(0x00101010, "AS", age).write(folder.resolve("covid/a.dcm"));
        radiograph("B").write(folder.resolve("non/b.dcm"));

        assertThat(XrayDataset.read(folder).images().get(0).attributes().get("age"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"left lateral, lateral view", "postero-anterior, ", "left lateral decubitus, "})
    void viewCodesAreUnderstood(String meaning, String flag) {
        radiograph("A")
                .without(0x00185101)
                .sequence(0x00540220, DicomFile.empty().text(0x00080104, "LO", meaning))
                .write(folder.resolve("covid/a.dcm"));
        radiograph("B").write(folder.resolve("non/b.dcm"));

        Map<String, String> attributes = XrayDataset.read(folder).images().get(0).attributes();
        assertThat(attributes).containsEntry("view", meaning);
        assertThat(attributes.get("flags")).isEqualTo(flag);
    }

    @Test
    void manifestComesFirst() throws IOException {
        radiograph("A").text(0x00100040, "CS", "F").write(folder.resolve("a.dcm"));
        radiograph("B").text(0x00100040, "CS", "F").write(folder.resolve("b.dcm"));
        Files.writeString(
                folder.resolve("manifest.csv"),
                "file,label,patient,view\na.dcm,covid,P1,AP\nb.dcm,non,,\n");

        List<LabelledImage> images = XrayDataset.read(folder).images();

        assertThat(images.get(0).patient()).isEqualTo("P1");
        assertThat(images.get(0).attributes())
                .containsEntry("view", "AP")
                .containsEntry("sex", "F");
        assertThat(images.get(1).patient()).matches("[0-9a-f]{32}");
        assertThat(images.get(1).attributes()).containsEntry("view", "");
    }

    @Test
    void onePersonsFilesKeepTogetherUnderAPseudonym() {
        XrayDataset dataset = people();

        assertThat(dataset.patientsKnown()).isTrue();
        List<String> patients = dataset.images().stream().map(LabelledImage::patient).toList();
        for (int i = 0; i < 8; i++) {
            assertThat(patients.indexOf(patients.get(i))).isEqualTo(i / 2 * 2);
        }
        assertThat(patients).allMatch(patient -> patient.matches("[0-9a-f]{32}"));
    }

    @Test
    void manifestAndSplitHoldNoIdentity() throws IOException {
        DatasetSplit split =
                PatientSplitter.seeded(3)
                        .withTestFraction(0)
                        .withValidationFraction(0.5)
                        .split(people());
        Path csv = folder.resolve("split.csv");
        ManifestWriter.write(split, csv, IfExists.FAIL);

        LeakGuard.requireSeparatePatients(split.byPart());
        assertThat(Files.readString(csv))
                .contains("file,label,patient,split,view,modality")
                .doesNotContain("SECRET", "Doe", "20200");
        assertThat(split.toString()).doesNotContain("SECRET", "Doe");
    }

    @ParameterizedTest
    @CsvSource({"ANON, ", "' ', ", "unknown, ", "'A 1', A1", "A1, A1"})
    void identitiesAreComparedWithoutBlanks(String id, String same) {
        PatientKey key = PatientKey.random();
        radiograph(id).write(folder.resolve("covid/a.dcm"));
        radiograph("A1").write(folder.resolve("non/b.dcm"));

        List<LabelledImage> images =
                XrayDataset.read(folder, DatasetOptions.defaults().withPatientKey(key)).images();
        if (same == null) {
            assertThat(images.get(0).patientKnown()).isFalse();
        } else {
            assertThat(images.get(0).patient()).isEqualTo(images.get(1).patient());
        }
    }

    @Test
    void keyFileIsMadeOnceAndGivesTheSamePseudonyms() throws IOException {
        Path file = folder.resolve("key");
        people();
        List<String> first = patients(PatientKey.of(file));

        assertThat(patients(PatientKey.of(file))).isEqualTo(first);
        assertThat(patients(PatientKey.random())).doesNotContainAnyElementsOf(first);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");

        Files.writeString(file, "password");
        assertThatThrownBy(() -> PatientKey.of(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file + " is no patient key; expected 64 hexadecimal digits");
    }

    private List<String> patients(PatientKey key) {
        Stream<LabelledImage> images =
                XrayDataset.read(folder, DatasetOptions.defaults().withPatientKey(key))
                        .images()
                        .stream();
        return images.map(LabelledImage::patient).toList();
    }

    @Test
    void damagedFileIsListedAndReportedWhenItIsDecoded() throws IOException {
        people();
        Path file = folder.resolve("covid/0.dcm");
        Files.write(file, java.util.Arrays.copyOf(Files.readAllBytes(file), 200));

        XrayDataset dataset = XrayDataset.read(folder);
        assertThat(dataset.images()).hasSize(8);
        assertThatThrownBy(dataset::verify).hasMessageContaining("covid/0.dcm: it is truncated");
    }
}
