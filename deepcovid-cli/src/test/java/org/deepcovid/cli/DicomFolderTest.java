package org.deepcovid.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.LeakGuard;
import org.deepcovid.core.data.SplitPart;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.testing.DicomFile;
import org.deepcovid.testing.SyntheticRadiographs;
import org.junit.jupiter.api.Test;

/**
 * A folder of DICOM files without extensions, two per person, in every command that takes images.
 */
class DicomFolderTest extends TerminalTest {

    private static final String SECRET = "Zyxwv";
    private static final String DATE = "19371203";
    private static final int PEOPLE = 12;

    /** A file like another folder's, 12 bits, inverted. */
    private static DicomFile radiograph(Label label, int number) {
        BufferedImage picture = SyntheticRadiographs.draw(label, number);
        int[] pixels =
                picture.getRaster()
                        .getSamples(0, 0, picture.getWidth(), picture.getHeight(), 0, (int[]) null);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = 4095 - 16 * pixels[i];
        }
        return DicomFile.of(picture.getWidth(), picture.getHeight(), 12, pixels)
                .text(0x00280004, "CS", "MONOCHROME1")
                .text(0x00100010, "PN", SECRET + "^" + number / 2)
                .text(0x00100020, "LO", "%s-%s-%d".formatted(SECRET, label, number / 2))
                .text(0x00100030, "DA", DATE)
                .text(0x00080020, "DA", DATE)
                .text(0x00101010, "AS", "0%dY".formatted(40 + number))
                .text(0x00080070, "LO", "Maker");
    }

    private Path data() {
        Path data = folder.resolve("data");
        for (Label label : LabelSet.COVID.labels()) {
            for (int i = 0; i < 2 * PEOPLE; i++) {
                radiograph(label, i).write(data.resolve("%s/IM%03d".formatted(label.name(), i)));
            }
        }
        radiograph(Label.COVID, 0).text(0x00185101, "CS", "LL").write(data.resolve("covid/IM000"));
        radiograph(Label.NON_COVID, 1)
                .text(0x00280301, "CS", "YES")
                .write(data.resolve("non/IM001"));
        return data;
    }

    @Test
    void worksWhereverAFolderOfImagesDoes() throws IOException {
        Path data = data();
        Path manifest = folder.resolve("split.csv");
        Path key = folder.resolve("key");
        Path classifier = folder.resolve("my.deepcovid");
        StringBuilder printed = new StringBuilder();

        Terminal.Run prepare =
                terminal.succeeds("prepare %s -o %s --patient-key %s", data, manifest, key);
        assertThat(prepare.out()).contains("patient, split, view, age, scanner, modality, flags");
        assertThat(prepare.err())
                .containsOnlyOnce("remark on 1 of 48 images: lateral view: covid/IM000")
                .containsOnlyOnce("remark on 1 of 48 images: burned-in annotation: non/IM001")
                .doesNotContain("patients are not known");
        requirePeopleInOnePart(manifest);

        Terminal.Run fit =
                terminal.succeeds(
                        "fine-tune %s -o %s --epochs 2 --copies 1 --report %s",
                        manifest, classifier, folder.resolve("report"));
        Terminal.Run evaluate =
                terminal.succeeds(
                        "evaluate %s %s --part test --report %s",
                        classifier, manifest, folder.resolve("evaluation"));
        Terminal.Run predict = terminal.succeeds("predict %s %s --format csv", classifier, data);
        assertThat(predict.out()).hasLineCount(49).contains("IM000,").contains(",lateral view");
        Terminal.Run explain =
                terminal.succeeds(
                        "explain %s %s -o %s --methods cam",
                        classifier, data.resolve("non/IM001"), folder.resolve("maps"));
        assertThat(explain.out()).contains("burned-in annotation");
        Terminal.Run audit = terminal.run("audit", data);
        assertThat(audit.out()).contains("hint     remark on 1 images: lateral view: ");

        for (Terminal.Run run : List.of(prepare, fit, evaluate, predict, explain, audit)) {
            printed.append(run.out()).append(run.err());
        }
        assertThat(printed).doesNotContain(SECRET, DATE);
        requireNoIdentity(data);
    }

    private static void requirePeopleInOnePart(Path manifest) {
        List<LabelledImage> images = XrayDataset.read(manifest).images();
        assertThat(images.stream().map(LabelledImage::patient).distinct()).hasSize(2 * PEOPLE);
        LeakGuard.requireSeparatePatients(
                images.stream()
                        .collect(
                                java.util.stream.Collectors.groupingBy(
                                        image -> image.part().orElse(SplitPart.TRAIN))));
    }

    /** Searches all files below the folder, also within zip files, except for the images. */
    private void requireNoIdentity(Path except) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> written =
                    files.filter(Files::isRegularFile).filter(f -> !f.startsWith(except)).toList();
            assertThat(written).hasSizeGreaterThan(8);
            for (Path file : written) {
                assertThat(content(file)).as(file.toString()).doesNotContain(SECRET, DATE);
            }
        }
    }

    private static String content(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(bytes);
        try (InputStream in = Files.newInputStream(file);
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
                all.writeBytes(zip.readAllBytes());
            }
        }
        return all.toString(ISO_8859_1);
    }
}
