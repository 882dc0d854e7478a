package org.deepcovid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.deepcovid.core.data.SplitPart;
import org.deepcovid.phantoms.PhantomCounts;
import org.deepcovid.phantoms.PhantomDataset;
import org.deepcovid.phantoms.PhantomGenerator;
import org.deepcovid.testing.SyntheticRadiographs;
import org.junit.jupiter.api.Test;

class AuditTest extends TerminalTest {

    @Test
    void cleanPhantomsHaveNoProblems() {
        PhantomDataset phantoms =
                PhantomDataset.write(
                        folder.resolve("phantoms"),
                        Map.of(
                                SplitPart.TRAIN, new PhantomCounts(4, 2, 2),
                                SplitPart.VALIDATION, new PhantomCounts(2, 1, 1)),
                        PhantomGenerator.seeded(1).withSize(224, 224));
        output("audit", phantoms.root())
                .containsPattern("train +4 +4")
                .containsPattern("val +2 +2")
                .containsPattern("synthetic +6 +6")
                .contains("short side", "0.500", "0 problems");

        Path classifier =
                Terminal.saveClassifier(phantoms.root(), folder.resolve("c.deepcovid"), 1);
        output(
                        "audit %s --classifier %s --heatmaps 2 --lungs %s --masks %s",
                        phantoms.root(),
                        classifier,
                        folder.resolve("phantoms-masks/lungs"),
                        folder.resolve("phantoms-masks/opacities"))
                .contains("2 images", "outside the lungs", "in the outer frame")
                .contains("marked findings, 2 images: hit rate");
        errors(2, "audit %s --masks %s/none", phantoms.root(), folder)
                .contains("expected a folder of masks");
    }

    @Test
    void comparesHeatmapsWithTheBoxesOfADataset() throws IOException {
        Path root = SyntheticRadiographs.writeClasses(folder.resolve("d"), 4, 1);
        StringBuilder csv = new StringBuilder("file,label,patient,boxes\n");
        for (int i = 0; i < 4; i++) {
            String box = i < 3 ? "10 10 20 30; 40 10 20 30" : "";
            csv.append("covid/00%d.png,covid,a%d,%s\n".formatted(i, i, box));
            csv.append("non/00%d.png,non,b%d,\n".formatted(i, i));
        }
        Path manifest = Files.writeString(root.resolve("manifest.csv"), csv);
        Path classifier = Terminal.saveClassifier(root, folder.resolve("c.deepcovid"), 1);
        String audit = "audit %s --classifier %s --smallest 1 --no-probes";
        assertThat(terminal.run(audit, manifest, classifier).out())
                .contains("4 images", "marked findings, 3 images: hit rate");
        Files.writeString(manifest, csv.toString().replace("10 10 20 30;", "10 10 20;"));
        assertThat(terminal.run(audit, manifest, classifier).err())
                .contains("box '10 10 20' of covid/000.png; expected x, y, width and height");
    }

    @Test
    void reportsEveryProblemAtOnce() throws IOException {
        Path root = SyntheticRadiographs.writeParts(folder.resolve("d"), 5, 3, 3, 1);
        Files.copy(root.resolve("train/covid/000.png"), root.resolve("test/covid/copy.png"));
        Files.copy(root.resolve("train/covid/001.png"), root.resolve("train/non/relabelled.png"));
        Files.copy(root.resolve("val/non/001.png"), root.resolve("val/non/again.png"));
        Files.writeString(root.resolve("val/covid/broken.png"), "x");
        Files.createDirectories(root.resolve("train/flu"));

        assertThat(terminal.exits(1, "audit", root).out())
                .contains(
                        "PROBLEM  train/flu is neither covid nor non",
                        "PROBLEM  unreadable: val/covid/broken.png")
                .containsPattern(
                        "PROBLEM  equal images in several parts: .*test/covid/copy.png \\(test\\)")
                .containsPattern("PROBLEM  equal images with several labels: .*relabelled.png")
                .containsPattern("hint +images that are in a part more than once: 1: .*again.png")
                .contains(
                        "hint     the patient is not known for",
                        "are smaller than 224 pixels",
                        "4 problems")
                .doesNotContainPattern("(?s)hint .*PROBLEM ");
    }

    @Test
    void reportsShortcuts() throws IOException {
        Path root = SyntheticRadiographs.writeClasses(folder.resolve("d"), 6, 1);
        StringBuilder csv = new StringBuilder("file,label,patient,source,finding\n");
        for (int i = 0; i < 6; i++) {
            csv.append("covid/00%d.png,covid,a%d,hospital A,COVID-19\n".formatted(i, i));
            csv.append("non/00%d.png,non,b%d,hospital B,Pneumonia\n".formatted(i, i));
            Files.write(
                    root.resolve("covid/00%d.png".formatted(i)),
                    new byte[20_000],
                    StandardOpenOption.APPEND); // after the image's end, as some programs leave
        }
        Files.writeString(root.resolve("manifest.csv"), csv);

        output("audit", root)
                .containsPattern("hospital A +6 +0")
                .contains("hint     confounded by source")
                .contains(
                        "hint     the bytes per pixel alone tells the classes apart with an area of"
                                + " 1")
                .doesNotContain("confounded by finding");
    }

    @Test
    void dividedPatientsAndMissingFilesOfAManifestAreProblems() throws IOException {
        Path root = SyntheticRadiographs.writeClasses(folder.resolve("d"), 4, 1);
        Files.writeString(
                root.resolve("manifest.csv"),
                """
                file,label,patient,split
                covid/000.png,covid,p1,train
                covid/001.png,covid,p1,test
                non/000.png,non,p2,train
                non/001.png,non,p3,test
                non/none.png,non,p4,test
                """);
        assertThat(terminal.exits(1, "audit", root).out())
                .contains(
                        "PROBLEM  patient p1 has images in train and test",
                        "PROBLEM  unreadable: non/none.png");
    }

    @Test
    void namesADatasetThatIsNotThere() {
        errors(3, "audit", folder.resolve("none")).contains("there is no file or folder");
    }

    @Test
    void reportsUnusableOptionsBeforeReadingImages() throws IOException {
        Path images = SyntheticRadiographs.writeClasses(folder.resolve("few"), 2, 1);
        Path text = Files.writeString(folder.resolve("text"), "x");

        errors(3, "audit", images, "--classifier", text)
                .contains("not a saved classifier")
                .doesNotContain("looking");

        errors(2, "audit", images, "--lungs", text)
                .contains("--lungs is '" + text + "'; expected a folder of masks");
    }
}
