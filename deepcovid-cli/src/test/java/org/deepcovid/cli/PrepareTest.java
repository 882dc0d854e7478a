package org.deepcovid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.testing.SyntheticRadiographs;
import org.junit.jupiter.api.Test;

/** Published datasets, joins and the recipe of the paper's dataset. */
class PrepareTest extends TerminalTest {

    private void image(String file, Label label, int seed) {
        SyntheticRadiographs.write(folder.resolve(file), SyntheticRadiographs.draw(label, seed));
    }

    private List<String> excluded(Path manifest) throws IOException {
        String name = manifest.getFileName().toString().replace(".csv", ".excluded.csv");
        return Files.readAllLines(manifest.resolveSibling(name));
    }

    /** The radiography database in small, with eight images of two classes and masks. */
    private Path radiography() {
        for (int i = 0; i < 8; i++) {
            image("rad/COVID/images/COVID-%d.png".formatted(i), Label.COVID, i);
            image("rad/COVID/masks/COVID-%d.png".formatted(i), Label.COVID, i);
            image("rad/Normal/images/Normal-%d.png".formatted(i), Label.NON_COVID, i);
        }
        return folder.resolve("rad");
    }

    @Test
    void namesThePublishedLayoutAndItsRules() throws IOException {
        Path manifest = folder.resolve("m.csv");
        radiography();
        image("rad/Normal/loose.png", Label.NON_COVID, 99);

        output("prepare %s -o %s", folder.resolve("rad"), manifest)
                .contains("rad is read as: COVID-19 Radiography Database", "rule: lung-masks")
                .contains(
                        "left out: 1, outside images/", "written: " + folder.resolve("m.card.md"));

        assertThat(excluded(manifest)).contains("rad/Normal/loose.png,rad,outside images/");
        assertThat(XrayDataset.read(manifest).images().get(0).lungMask())
                .contains(folder.resolve("rad/COVID/masks/COVID-0.png"));
        Path classifier = Terminal.saveClassifier(manifest, folder.resolve("c.deepcovid"), 1);
        assertThat(
                        terminal.run(
                                        "audit %s --classifier %s --heatmaps 2 --smallest 1",
                                        manifest, classifier)
                                .out())
                .contains("outside the lungs");
    }

    @Test
    void listsHiddenFilesOfTheUsersOwnFolders() throws IOException {
        SyntheticRadiographs.writeClasses(folder.resolve("own"), 8, 1);
        image("own/covid/@eaDir/000.png", Label.COVID, 9);
        Path manifest = folder.resolve("m.csv");

        output("prepare %s -o %s", folder.resolve("own"), manifest)
                .contains("left out: 1, hidden files or masks, such as ");

        assertThat(excluded(manifest))
                .containsExactly(
                        "file,source,reason", "own/covid/@eaDir/000.png,own,hidden files or masks");
    }

    @Test
    void joinsNamedSourcesWithMappedLabels() throws IOException {
        radiography();
        for (int i = 0; i < 8; i++) {
            image("kaggle/NORMAL/n%d.png".formatted(i), Label.NON_COVID, 50 + i);
            image("kaggle/PNEUMONIA/p%d.png".formatted(i), Label.COVID, 50 + i);
        }
        image("kaggle/NORMAL/copy.png", Label.NON_COVID, 3); // Normal-3 of the other source
        Path manifest = folder.resolve("joined.csv");
        String line =
                "prepare rad=%s %s -o %s --map rad:COVID=covid --map rad:*=normal --map"
                        + " kaggle:NORMAL=normal --map kaggle:PNEUMONIA=pneumonia";

        output(line, folder.resolve("rad"), folder.resolve("kaggle"), manifest)
                .contains("images (covid, normal, pneumonia): train")
                .contains("left out: 1, equal bytes");

        List<LabelledImage> images = XrayDataset.read(manifest).images();
        assertThat(images).hasSize(32);
        assertThat(images)
                .filteredOn(image -> image.label().equals(new Label("normal")))
                .extracting(image -> image.attributes().get("dataset"))
                .contains("rad", "kaggle");
        assertThat(excluded(manifest))
                .contains(
                        "kaggle/NORMAL/copy.png,kaggle,equal bytes: as"
                                + " rad/Normal/images/Normal-3.png");
        String first = Files.readString(manifest);
        Files.delete(manifest);
        output(line, folder.resolve("rad"), folder.resolve("kaggle"), manifest).isNotEmpty();
        assertThat(manifest).hasContent(first);

        errors(2, "prepare %s -o %s --map flu:a=b", folder.resolve("rad"), folder.resolve("x.csv"))
                .contains("--map is 'flu:a=b'; expected [NAME:]OLD=NEW with NAME one of [rad]");
        errors(2, "prepare %s %s -o x.csv", folder.resolve("rad"), folder.resolve("rad"))
                .contains("two DATA are named 'rad'");
    }

    @Test
    void equalPixelsAreListedOrRefused() {
        Path data = SyntheticRadiographs.writeClasses(folder.resolve("d"), 8, 1);
        LabelledImage image = XrayDataset.read(data).images().get(0);
        SyntheticRadiographs.copy(image, data.resolve("covid/copy.bmp"));

        errors(0, "prepare %s -o %s", data, folder.resolve("m.csv"))
                .contains(
                        "images that are in a part more than once, with one label: 1: covid/000.png"
                                + " = covid/copy.bmp");

        SyntheticRadiographs.copy(image, data.resolve("non/copy.bmp"));
        Path other = folder.resolve("other.csv");
        errors(3, "prepare %s -o %s", data, other).contains("equal images have the labels covid (");
        assertThat(other).doesNotExist();
    }

    @Test
    void selectsThePapersDatasetFromItsSources() throws IOException {
        List<String> covid = new ArrayList<>(List.of("patientid,finding,view,filename,license"));
        List<String> others =
                new ArrayList<>(List.of("Path,Frontal/Lateral,AP/PA,No Finding,Edema,Fracture"));
        for (int i = 0; i < 4; i++) {
            image("cohen/images/%d.png".formatted(i), Label.COVID, i);
            covid.add("%d,Pneumonia/Viral/COVID-19,PA,%d.png,CC0".formatted(i, i));
            String path = "train/patient0000%d/study1/view1_frontal.png".formatted(i);
            image("CheXpert/" + path, Label.NON_COVID, i);
            others.add("CheXpert-v1.0/%s,Frontal,AP,1.0,,".formatted(path));
        }
        Files.write(folder.resolve("cohen/metadata.csv"), covid);
        Files.write(folder.resolve("CheXpert/train.csv"), others);
        Path manifest = folder.resolve("paper.csv");
        String line =
                "prepare --recipe covid-xray-5k --covid-chestxray %s --chexpert %s -o %s --covid"
                        + " 2,1 --no-finding 1,2 --each-other %s";

        output(line, folder.resolve("cohen"), folder.resolve("CheXpert"), manifest, "0,0")
                .contains("images (covid): train 3 (2)  val 0 (0)  test 3 (1)");
        assertThat(XrayDataset.read(manifest).patientsKnown()).isTrue();
        assertThat(excluded(manifest)).hasSize(1 + 1 + 1);

        errors(
                        3,
                        line,
                        folder.resolve("cohen"),
                        folder.resolve("CheXpert"),
                        folder.resolve("y.csv"),
                        "1,1")
                .contains("Edema: 0 images of 0 patients can be used, and test needs 1 more");
        errors(2, "prepare --recipe covid-5k -o %s", folder.resolve("y.csv"))
                .contains("--recipe is 'covid-5k'; expected covid-xray-5k");
        errors(2, "prepare --recipe covid-xray-5k -o %s", folder.resolve("y.csv"))
                .contains("needs --covid-chestxray and --chexpert");
        errors(2, "prepare -o %s", folder.resolve("y.csv")).contains("either DATA or --recipe");
    }
}
