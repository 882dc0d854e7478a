package org.deepcovid.core.data;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.deepcovid.core.data.TextDataset.ids;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepcovid.core.DatasetException;
import org.deepcovid.core.image.Radiograph;
import org.deepcovid.testing.OtherJvm;
import org.deepcovid.testing.SyntheticRadiographs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XrayFoldersTest {

    @TempDir Path root;

    @Test
    void readsPartsAndClasses() {
        SyntheticRadiographs.writeParts(root, 3, 2, 1, 1);

        XrayDataset dataset = XrayDataset.read(root);

        assertThat(dataset.images()).hasSize(12);
        assertThat(dataset.images()).extracting(LabelledImage::id).isSorted();
        assertThat(dataset.count(Label.COVID)).isEqualTo(6);
        assertThat(dataset.patientsKnown()).isFalse();
        String id = "test/covid/000.png";
        Optional<SplitPart> test = Optional.of(SplitPart.TEST);
        assertThat(dataset.images().get(0))
                .isEqualTo(
                        new LabelledImage(id, root.resolve(id), Label.COVID, id, test, Map.of()));
    }

    @Test
    void readsClassesAloneWithSubfoldersAndOtherSpellings() throws IOException {
        SyntheticRadiographs.writeClasses(root, 2, 1);
        Files.move(root.resolve("covid"), root.resolve("COVID"));
        Files.createDirectories(root.resolve("non/deeper"));
        Files.move(root.resolve("non/000.png"), root.resolve("non/deeper/000.png"));
        Files.writeString(
                root.resolve("README.md"), "other files beside the class folders are ignored");

        XrayDataset dataset = XrayDataset.read(root);

        assertThat(ids(dataset))
                .containsExactly(
                        "COVID/000.png", "COVID/001.png", "non/001.png", "non/deeper/000.png");
        assertThat(dataset.images()).allMatch(image -> image.part().isEmpty());
        Reading reading = XrayDataset.readSurvey(root, DatasetOptions.defaults()).readings().get(0);
        assertThat(reading.describe().get(0)).endsWith(", with sub-folders: non/deeper");
        assertThat(dataset.layout()).contains("folders, one for each label");
    }

    @Test
    void leavesOutHiddenFilesAndIgnoresThoseOfOperatingSystems() throws IOException {
        SyntheticRadiographs.writeClasses(root, 1, 1);
        for (String name :
                List.of(
                        ".DS_Store",
                        "Thumbs.db",
                        "desktop.ini",
                        "._000.png",
                        "@x.png",
                        "__x.png")) {
            Files.writeString(root.resolve("covid").resolve(name), "x");
        }

        XrayDataset.Survey read = XrayDataset.readSurvey(root, DatasetOptions.defaults());

        assertThat(read.dataset().images()).hasSize(2);
        assertThat(read.readings().get(0).describe())
                .containsExactly(
                        root.getFileName() + " is read as: folders, one for each label",
                        "  left out: 2, hidden files or masks, such as "
                                + root.resolve("covid/@x.png"));
    }

    /** As predict does: by name or by content. */
    @Test
    void filesThatAreNoImagesAreLeftOutByName() throws Exception {
        SyntheticRadiographs.writeClasses(root, 2, 1);
        Path covid = root.resolve("covid");
        Files.copy(covid.resolve("000.png"), covid.resolve("a.jfif"));
        Files.copy(covid.resolve("001.png"), covid.resolve("b"));
        Files.writeString(covid.resolve("photo.webp"), "RIFF....WEBPVP8 ");
        Files.writeString(covid.resolve("broken.png"), "x");
        Files.writeString(covid.resolve("notes.txt"), "x");
        Files.createFile(covid.resolve("empty"));
        Files.createSymbolicLink(covid.resolve("gone.png"), root.resolve("nowhere.png"));
        Files.createSymbolicLink(covid.resolve("loop"), root);
        assertThat(
                        new ProcessBuilder("mkfifo", covid.resolve("pipe.png").toString())
                                .start()
                                .waitFor())
                .isZero();

        XrayDataset.Survey read = XrayDataset.readSurvey(root, DatasetOptions.defaults());

        assertThat(ids(read.dataset()))
                .containsExactly(
                        "covid/000.png",
                        "covid/001.png",
                        "covid/a.jfif",
                        "covid/b",
                        "covid/broken.png",
                        "covid/photo.webp",
                        "non/000.png",
                        "non/001.png");
        assertThat(read.readings().get(0).exclusions())
                .extracting(e -> LabelledImage.id(root, e.file()) + " " + e.reason())
                .containsExactly(
                        "covid/empty no images by name or content",
                        "covid/gone.png links to no file",
                        "covid/loop links to a folder above them",
                        "covid/notes.txt no images by name or content",
                        "covid/pipe.png neither files nor folders");
        assertThat(TextDataset.problems(read.dataset()::verify))
                .satisfiesExactly(
                        p -> assertThat(p).startsWith("covid/broken.png: it is text"),
                        p -> assertThat(p).startsWith("covid/photo.webp: it is a WebP image"));
        assertThat(FolderFiles.below(root).leftOut())
                .contains(
                        new Reading.Exclusion(
                                covid.resolve("loop"), "links to a folder above them"));
        assertThatThrownBy(() -> Radiograph.of(covid.resolve("pipe.png")).decode())
                .hasMessageContaining("neither a file nor a folder");
    }

    @Test
    void namesThatTheLocaleCannotWriteAreRefusedWithTheCure() throws Exception {
        SyntheticRadiographs.writeClasses(root, 2, 1);
        String command = "cp covid/000.png \"covid/caf$(printf '\\351').png\"";
        assertThat(
                        new ProcessBuilder("sh", "-c", command)
                                .directory(root.toFile())
                                .start()
                                .waitFor())
                .isZero();

        assertThat(problems()).singleElement().asString().contains("covid/caf", "LC_ALL=C.UTF-8");
    }

    @Test
    void soAreNamesInManifests() throws Exception {
        Files.writeString(
                root.resolve("manifest.csv"), "file,label\ncaf\u00e9.png,covid\nb.png,non\n");
        ProcessBuilder posix = OtherJvm.command(Reader.class, List.of(), root);
        posix.environment().put("LC_ALL", "POSIX");

        Process process = posix.start();
        String output = new String(process.getInputStream().readAllBytes(), US_ASCII);

        assertThat(process.waitFor()).isZero();
        assertThat(output).contains("line 2: file 'caf", "LC_ALL=C.UTF-8");
    }

    /** Prints the problems of a dataset. */
    static final class Reader {
        public static void main(String[] arguments) {
            Path root = Path.of(arguments[0]);
            System.out.println(TextDataset.problems(() -> XrayDataset.read(root)));
        }
    }

    private List<String> problems() {
        DatasetException e =
                catchThrowableOfType(DatasetException.class, () -> XrayDataset.read(root));
        assertThat(e).hasMessageContaining(root.toString());
        return e.problems();
    }

    @Test
    void reportsAllProblemsAtOnce() throws IOException {
        SyntheticRadiographs.writeParts(root, 2, 0, 1, 1);
        Files.writeString(root.resolve("train/covid/README.txt"), "about these images");
        Files.writeString(root.resolve("train/covid/.hidden"), "x");
        Files.createFile(root.resolve("train/non/000.png.part"));
        Files.createDirectories(root.resolve("train/pneumonia"));
        Files.createDirectories(root.resolve("trian"));
        Files.createDirectories(root.resolve("validation/covid"));
        Files.copy(root.resolve("train/non/001.png"), root.resolve("test/loose.png"));
        Files.copy(root.resolve("train/non/001.png"), root.resolve("looser.png"));

        assertThat(problems())
                .containsExactlyInAnyOrder(
                        "train/pneumonia is neither covid nor non",
                        "trian is none of train, val, test",
                        "folder validation/non is missing",
                        "validation/covid has 0 images; expected at least 1",
                        "test/loose.png is outside the class folders",
                        "looser.png is outside the class folders");
    }

    @Test
    void rejectsTwoFoldersOfOnePartOrClass() throws IOException {
        SyntheticRadiographs.writeParts(root, 1, 1, 0, 1);
        Files.createDirectories(root.resolve("valid"));
        Files.createDirectories(root.resolve("train/covid "));

        assertThat(problems())
                .containsExactlyInAnyOrder(
                        "val and valid name the same part",
                        "train/covid and train/covid  name the same class");
    }

    @Test
    void rejectsMissingFolder() {
        root = root.resolve("gone");

        assertThat(problems()).containsExactly(root + " does not exist");
    }

    @Test
    void aFolderOfMasksIsNoClass() throws IOException {
        SyntheticRadiographs.writeClasses(root, 1, 1);
        Files.createDirectories(root.resolve("masks"));
        XrayDataset without = XrayDataset.read(root);
        Path mask = Files.copy(root.resolve("non/000.png"), root.resolve("masks/000.png"));

        XrayDataset.Survey read = XrayDataset.readSurvey(root, DatasetOptions.defaults());

        assertThat(read.dataset()).isEqualTo(without);
        assertThat(read.readings().get(0).exclusions())
                .containsExactly(new Reading.Exclusion(mask, "masks"));
    }

    @Test
    void whatIsMissingComesBeforeWhatIsOutside() throws IOException {
        SyntheticRadiographs.writeClasses(root, 1, 1);
        Files.move(root.resolve("covid/000.png"), root.resolve("000.png"));
        Files.delete(root.resolve("covid"));

        assertThat(problems())
                .containsExactly("folder covid is missing", "000.png is outside the class folders");
    }

    @Test
    void namesMissingFolders() throws IOException {
        Files.createDirectories(root.resolve("positive"));

        assertThat(problems())
                .containsExactly("the only label is [positive]; expected two or more");
        Files.createDirectories(root.resolve("non"));
        Files.createDirectories(root.resolve("COVID"));
        assertThat(problems())
                .containsExactlyInAnyOrder(
                        "positive is neither covid nor non",
                        "COVID has 0 images; expected at least 1",
                        "non has 0 images; expected at least 1");
    }

    @Test
    void foldersNameTheLabels() throws IOException {
        for (String folder : List.of("train/NORMAL", "train/PNEUMONIA", "test/Pneumonia")) {
            SyntheticRadiographs.writeClasses(root.resolve(folder), 1, 1);
        }
        DatasetOptions pneumonia = DatasetOptions.defaults().withPositive("pneumonia");
        assertThat(problems())
                .containsExactly(
                        "which of the labels [NORMAL, PNEUMONIA] is the positive one is not clear;"
                                + " choose it with --positive NAME (DatasetOptions.withPositive)");
        assertThat(TextDataset.problems(() -> XrayDataset.read(root, pneumonia)))
                .containsExactly("folder test/NORMAL is missing");
        SyntheticRadiographs.writeClasses(root.resolve("test/NORMAL"), 1, 2);

        XrayDataset dataset = XrayDataset.read(root, pneumonia);

        assertThat(dataset.labels())
                .isEqualTo(LabelSet.of(List.of("PNEUMONIA", "NORMAL"), Optional.of("PNEUMONIA")));
        assertThat(dataset.count(new Label("PNEUMONIA"))).isEqualTo(4);
        assertThat(
                        TextDataset.problems(
                                () -> XrayDataset.read(root, pneumonia.withLabelColumn("class"))))
                .containsExactly(
                        "has no manifest with a column 'class': its labels are its folders");
    }

    @Test
    void refusesFoldersThatNameSeveralLabels() throws IOException {
        SyntheticRadiographs.writeClasses(root, 1, 1);
        Files.createDirectories(root.resolve("edema,effusion"));

        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("edema,effusion: label is 'edema,effusion'; several labels per image");
    }

    @Test
    void verifyDecodesEveryFile() throws IOException {
        SyntheticRadiographs.writeClasses(root, 5, 1);
        XrayDataset intact = XrayDataset.read(root);
        assertThat(intact.verify()).isSameAs(intact);
        for (String broken : List.of("covid/001.png", "non/004.png")) {
            byte[] whole = Files.readAllBytes(root.resolve(broken));
            Files.write(root.resolve(broken), Arrays.copyOf(whole, whole.length / 2));
        }
        XrayDataset dataset = XrayDataset.read(root); // headers are intact

        assertThat(TextDataset.problems(dataset::verify))
                .satisfiesExactly(
                        p -> assertThat(p).startsWith("covid/001.png: it is truncated"),
                        p -> assertThat(p).startsWith("non/004.png: it is truncated"));
    }

    @Test
    void surveyReturnsImagesAndProblems() throws IOException {
        SyntheticRadiographs.writeClasses(root, 2, 1);
        Files.createDirectories(root.resolve("flu"));
        Files.writeString(root.resolve("covid/001.png"), "not an image");

        XrayDataset.Survey survey = XrayDataset.survey(root, DatasetOptions.defaults());

        assertThat(survey.problems()).containsExactly("flu is neither covid nor non");
        assertThat(ids(survey.dataset()))
                .containsExactly("covid/000.png", "covid/001.png", "non/000.png", "non/001.png");
        assertThat(XrayDataset.survey(root.resolve("none"), DatasetOptions.defaults()).problems())
                .singleElement()
                .asString()
                .contains("does not exist");
    }
}
