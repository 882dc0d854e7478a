package org.deepcovid.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepcovid.cli.Terminal.words;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.SplitPart;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.io.WorkStore;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.core.training.RunOptions;
import org.deepcovid.models.Backbones;
import org.deepcovid.testing.SyntheticRadiographs;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that make, evaluate, compare and hand on classifiers. */
class WorkflowTest {

    @TempDir static Path shared;
    private static Path data;
    private static Path first;
    private static Path second;

    @TempDir Path folder;
    private Terminal terminal;

    @BeforeAll
    static void makeClassifiers() {
        data = SyntheticRadiographs.writeParts(shared.resolve("data"), 6, 4, 5, 1);
        first = Terminal.saveClassifier(data, shared.resolve("first.deepcovid"), 1);
        second = Terminal.saveClassifier(data, shared.resolve("second.deepcovid"), 2);
    }

    @BeforeEach
    void open() {
        terminal = new Terminal(folder);
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void fineTunesFromTheBundledNetworkAndReports() {
        Path output = folder.resolve("my.deepcovid");
        Path report = folder.resolve("report");
        Terminal.Run run =
                terminal.succeeds(
                        words(
                                "fine-tune %s -o %s --epochs 3 --copies 1 --seed 5 --report %s -v",
                                data, output, report));
        assertThat(run.out())
                .contains(
                        "fitted on 12 images (6 covid), validated on 8 (4)",
                        "seed 5",
                        "tested on 10 images (5 covid)")
                .contains("classifier saved to " + output)
                .contains("report: " + report.resolve("report.html"))
                .doesNotContain("RANDOM");
        assertThat(run.err())
                .contains("features: 20 of 20", "head: 3 of 3", "train 12 (6)  val 8 (4)");
        try (CovidClassifier made = CovidClassifier.load(output)) {
            assertThat(made.threshold()).isPresent();
            assertThat(made.provenance().config().epochs()).isEqualTo(3);
        }
    }

    @Test
    void theSameCommandContinuesAnInterruptedRun() throws IOException {
        Path output = folder.resolve("my.deepcovid");
        List<Object> words = List.of("fine-tune", data, "-o", output, "--epochs", 2, "--copies", 1);
        assertThat(terminal.succeeds(words.toArray()).err()).doesNotContain("continuing");
        assertThat(UnfinishedWork.folder(output)).doesNotExist();
        byte[] expected = weights(output);
        assertThat(terminal.run(words.toArray()).code()).as("a finished output").isEqualTo(3);
        Files.delete(output);

        leaveFeatures(output);
        List<Object> resuming = new ArrayList<>(words);
        resuming.add("--resume"); // accepted, without effect
        assertThat(terminal.succeeds(resuming.toArray()).err())
                .contains("continuing from 20 images of an interrupted run");
        assertThat(weights(output)).isEqualTo(expected);
        assertThat(UnfinishedWork.folder(output)).doesNotExist();
    }

    /** What a run keeps that ends without having finished. */
    private static void leaveFeatures(Path output) {
        FineTuneConfig config = FineTuneConfig.defaults().withEpochs(1);
        try (WorkStore work = WorkStore.in(UnfinishedWork.folder(output))) {
            CovidClassifier.fineTune(
                            Backbones.bundled(),
                            PatientSplitter.seeded(1).split(XrayDataset.read(data)).fitting(),
                            config.withPositiveCopies(1, config.augmentation()),
                            RunOptions.defaults().withWork(work))
                    .close();
        }
    }

    private static byte[] weights(Path classifier) throws IOException {
        try (ZipFile zip = new ZipFile(classifier.toFile())) {
            return zip.getInputStream(zip.getEntry("weights.safetensors")).readAllBytes();
        }
    }

    @Test
    void fineTuneTellsMistakesBeforeAnyWork() throws IOException {
        Path output = folder.resolve("my.deepcovid");
        assertThat(terminal.run("fine-tune", data).err()).contains("--output=FILE");
        assertUsage("--network is 'vgg'", "fine-tune", data, "-o", output, "--network", "vgg");
        assertUsage(
                "--weights is 'none.h5'", "fine-tune", data, "-o", output, "--weights", "none.h5");
        assertUsage(
                "the bundled weights are of squeezenet",
                words("fine-tune %s -o %s --network resnet18", data, output));
        assertUsage("--epochs is 0", "fine-tune", data, "-o", output, "--epochs", 0);
        assertUsage(
                "--learning-rate is -1", "fine-tune", data, "-o", output, "--learning-rate", -1);
        assertUsage("--sensitivity is 2", "fine-tune", data, "-o", output, "--sensitivity", 2);
        assertUsage("--test is 1", "fine-tune", data, "-o", output, "--test", 1);

        Path noClasses = Files.createDirectories(folder.resolve("no-classes"));
        assertThat(terminal.exits(3, "fine-tune", noClasses, "-o", output).err())
                .contains("folder covid is missing", "expected images in covid/ and non/");

        Files.writeString(output, "precious");
        assertThat(terminal.exits(3, "fine-tune", data, "-o", output).err())
                .contains("exists", "choose another name", ": --overwrite");
        assertThat(output).hasContent("precious");
    }

    private void assertUsage(String message, Object... words) {
        assertThat(terminal.exits(2, words).err()).contains("error: ", message, "see: deepcovid");
    }

    @Test
    void withoutTestImagesAThresholdIsChosenAndNothingClaimed() {
        Path some = SyntheticRadiographs.writeParts(folder.resolve("some"), 4, 3, 0, 2);
        Path output = folder.resolve("my.deepcovid");
        assertThat(
                        terminal.succeeds(
                                        "fine-tune",
                                        some,
                                        "-o",
                                        output,
                                        "--epochs",
                                        2,
                                        "--copies",
                                        1)
                                .err())
                .contains("there is no test part");
        assertThat(terminal.run("info", output).out())
                .contains("sensitivity of at least 0.95", "validation     6 images, 3 covid");
    }

    @Test
    void evaluatesTheMarkedTestPartWithTheStoredThreshold() {
        Path report = folder.resolve("report");
        assertThat(terminal.succeeds("evaluate", first, data, "--report", report).out())
                .contains("tested on 10 images (5 covid)", "threshold 0.5000: fixed", "report: ");
        assertThat(report.resolve("report.html")).exists();

        assertThat(terminal.exits(3, "evaluate", first, data, "--report", report).err())
                .contains("not empty");
        assertThat(terminal.run("evaluate", first, data, "--report", report, "--overwrite").code())
                .isZero();
    }

    @Test
    void evaluatesAllOfADatasetWithoutMarksAndChoosesThresholdsOnValidationOnly() {
        Path other = SyntheticRadiographs.writeClasses(folder.resolve("other"), 4, 77);
        assertThat(terminal.run("evaluate", first, other).out()).contains("tested on 8 images");
        assertThat(terminal.run("evaluate", first, other, "--threshold", 0.25).out())
                .contains("threshold 0.2500: given on the command line");
        assertUsage(
                "--sensitivity needs validation images",
                words("evaluate %s %s --sensitivity 0.9", first, other));
        assertThat(terminal.run("evaluate", first, data, "--sensitivity", 0.9).out())
                .contains("sensitivity of at least 0.9", "8 validation images");
        assertThat(
                        terminal.run(
                                        words(
                                                "evaluate %s %s --sensitivity 0.9 --threshold 0.5",
                                                first, data))
                                .code())
                .isEqualTo(2);
    }

    @Test
    void evaluateRefusesImagesThatTheClassifierHasSeenAndUnreadableOnes() throws IOException {
        assertThat(terminal.exits(3, "evaluate", first, data, "--part", "train").err())
                .contains("was among the training or validation images");

        Path other = SyntheticRadiographs.writeClasses(folder.resolve("other"), 3, 78);
        Path image = other.resolve("covid/001.png");
        byte[] bytes = Files.readAllBytes(image);
        bytes[bytes.length / 2] ^= 0x55;
        Files.write(image, bytes);
        assertThat(terminal.exits(3, "evaluate", first, other).err()).contains("covid/001.png");

        assertThat(terminal.exits(3, "evaluate", first, folder.resolve("none")).err())
                .contains("none does not exist");
    }

    @Test
    void comparesWithPairedTests() {
        Path report = folder.resolve("report");
        assertThat(
                        terminal.succeeds(
                                        "compare",
                                        first,
                                        second,
                                        "--data",
                                        data,
                                        "--report",
                                        report)
                                .out())
                .contains("10 images, 5 covid", "first and second, p-values adjusted for 1 pair")
                .containsPattern("(?m)^first \\(RANDOM\\) +\\d\\.\\d{4} \\[")
                .containsPattern("p (\\d\\.\\d{4}|none) \\(DeLong\\)")
                .contains("covid images that only one calls right", "(McNemar)")
                .contains(
                        "does not show that two classifiers are equal", "Not a diagnostic device");
        assertThat(report.resolve("report.html")).content().contains("id=\"comparison\"");

        assertUsage("1 classifiers are given", "compare", first, "--data", data);
        assertUsage("is given twice", "compare", first, first, "--data", data);
    }

    @Test
    void exportsInThreeFormatsByEnding() throws IOException {
        Path squeezeNet = folder.resolve("net.deepcovid");
        terminal.run(
                words(
                        "fine-tune %s -o %s --epochs 1 --copies 1 --weights random",
                        data, squeezeNet));
        for (String name : List.of("a.onnx", "a.safetensors", "a.h5")) {
            terminal.succeeds("export", squeezeNet, "-o", folder.resolve(name));
            assertThat(folder.resolve(name)).isNotEmptyFile();
        }
        assertThat(
                        terminal.exits(
                                        3,
                                        "export",
                                        squeezeNet,
                                        "-o",
                                        folder.resolve("a.safetensors"))
                                .err())
                .contains("a.safetensors", "exists");
        assertUsage("is no known format", "export", squeezeNet, "-o", folder.resolve("a.bin"));
        assertThat(
                        terminal.run(
                                        words(
                                                "export %s -o %s --format onnx --input pixels",
                                                squeezeNet, folder.resolve("a.bin")))
                                .code())
                .isZero();
        assertThat(files(folder)).noneMatch(file -> file.toString().endsWith(".tmp"));
    }

    @Test
    void infoTellsOfTheInstallationAndOfAClassifier() {
        assertThat(terminal.succeeds("info").out())
                .contains("CpuBackend", "squeezenet", folder.resolve("home/weights").toString())
                .contains("none (looked for");
        Terminal.Run classifier = terminal.run("info", first);
        assertThat(classifier.out())
                .contains(
                        "tiny-test-network",
                        "RANDOM, never trained",
                        "12 images, 6 covid",
                        "0.5: fixed; no images",
                        "ONNX Runtime");
    }

    @Test
    void preparesAManifestThatKeepsPatientsTogether() throws IOException {
        Path root = folder.resolve("radiographs");
        for (String label : List.of("covid", "non")) {
            for (int patient = 0; patient < 10; patient++) {
                for (int view = 0; view < 2; view++) {
                    SyntheticRadiographs.write(
                            root.resolve("%s/P%s%d_%d.png".formatted(label, label, patient, view)),
                            SyntheticRadiographs.draw(
                                    LabelSet.COVID.parse(label).orElseThrow(),
                                    100 * patient + view));
                }
            }
        }
        Path manifest = root.resolve("manifest.csv");
        assertThat(
                        terminal.succeeds(
                                        "prepare",
                                        root,
                                        "-o",
                                        manifest,
                                        "--patients",
                                        "^(P\\w+?\\d)_")
                                .out())
                .contains("manifest written to " + manifest);

        List<LabelledImage> images = XrayDataset.read(root).images(); // refuses divided patients
        assertThat(images).hasSize(40).allMatch(LabelledImage::patientKnown);
        assertThat(images.stream().map(image -> image.part().orElseThrow()).distinct())
                .containsExactlyInAnyOrder(SplitPart.values());

        String written = Files.readString(manifest);
        assertThat(terminal.run("prepare", root, "-o", manifest).code()).isEqualTo(3);
        Path elsewhere = Files.createDirectories(folder.resolve("else")).resolve("m.csv");
        Files.delete(manifest);
        terminal.run("prepare", root, "-o", elsewhere, "--patients", "^(P\\w+?\\d)_");
        assertThat(Files.readString(elsewhere))
                .as("same seed, same split")
                .isEqualTo(written.replaceAll("(?m)^(covid|non)/", "../radiographs/$1/"));
        assertThat(XrayDataset.read(elsewhere).images()).hasSize(40);

        assertUsage("has no group", "prepare", root, "-o", manifest, "--patients", "P");
        assertUsage("--patients '('", "prepare", root, "-o", manifest, "--patients", "(");
        assertThat(terminal.exits(3, "prepare", root, "-o", manifest, "--patients", "(Q\\d)").err())
                .contains("40 problems", "does not match");
        assertThat(manifest).doesNotExist();
    }

    @Test
    void prepareTellsAllFilesThatCannotBeDecoded() throws IOException {
        Path root = SyntheticRadiographs.writeClasses(folder.resolve("r"), 5, 3);
        for (String name : List.of("covid/001.png", "non/002.png")) {
            byte[] bytes = Files.readAllBytes(root.resolve(name));
            Files.write(root.resolve(name), java.util.Arrays.copyOf(bytes, bytes.length / 2));
        }
        assertThat(terminal.exits(3, "prepare", root, "-o", folder.resolve("m.csv")).err())
                .contains("2 problems", "covid/001.png", "non/002.png");
        assertThat(folder.resolve("m.csv")).doesNotExist();
    }

    @Test
    void explainsImagesAndListsUnreadableOnes() throws IOException {
        Path heatmaps = folder.resolve("heatmaps");
        Path bad = Files.writeString(folder.resolve("bad.png"), "x");
        Terminal.Run run =
                terminal.exits(
                        1,
                        words(
                                "explain %s %s %s %s -o %s --methods cam,grad-cam",
                                first,
                                data.resolve("test/covid/000.png"),
                                data.resolve("test/non/000.png"),
                                bad,
                                heatmaps));
        assertThat(files(heatmaps).stream().map(file -> file.getFileName().toString()))
                .containsExactlyInAnyOrder(
                        "000-cam.png",
                        "000-grad-cam.png",
                        "000-figure.png",
                        "000-2-cam.png",
                        "000-2-grad-cam.png",
                        "000-2-figure.png");
        assertThat(run.out()).contains("in the outer tenth", "000-2-figure.png");
        assertThat(run.err()).contains(bad.toString());

        Path image = data.resolve("test/covid/000.png");
        assertThat(terminal.exits(3, "explain", first, image, "-o", heatmaps).err())
                .contains("exists");
        assertUsage("but was 'gcam'", "explain", first, image, "-o", "x", "--methods", "gcam");
        assertUsage("--label is 'flu'", "explain", first, image, "-o", "x", "--label", "flu");
        assertUsage("--opacity is 2", "explain", first, image, "-o", "x", "--opacity", 2);
        assertThat(
                        terminal.run(
                                        words(
                                                "explain %s %s -o %s",
                                                second.resolveSibling("none"), image, heatmaps))
                                .err())
                .contains("there is no such file");
    }

    @Test
    void compareTellsWhatItCannotUseBeforeItScores() throws IOException {
        assertThat(terminal.exits(2, "compare", first, first, "--data", data).err())
                .contains("is given twice")
                .doesNotContain("scoring");

        Path text = Files.writeString(folder.resolve("text"), "x");
        assertThat(terminal.exits(3, "compare", first, text, "--data", data).err())
                .contains("not a saved classifier")
                .doesNotContain("scoring");
    }

    @Test
    void aSavedClassifierIsNotTakenForAnotherNetwork() throws IOException {
        Path output = folder.resolve("o.deepcovid");
        assertUsage(
                "--network is 'resnet18', and " + first,
                words("fine-tune %s -o %s --weights %s --network resnet18", data, output, first));
        assertThat(output).doesNotExist();
    }

    @Test
    void explainTellsWrongOptionsBeforeItMakesAFolder() throws IOException {
        Path image = data.resolve("test/covid/000.png");
        Path output = folder.resolve("maps");
        assertUsage(
                "an option of --methods is wrong: window 0",
                words("explain %s %s -o %s --methods=occlusion --window=0", first, image, output));
        assertThat(output).doesNotExist();
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThat(terminal.exits(3, "explain", first, image, "-o", file).err())
                .contains("--output " + file + " is a file; name a folder");
    }

    @Test
    void exportSaysThatAnOptionHasNoEffect() {
        Path output = folder.resolve("a.h5");
        Terminal.Run run = terminal.run("export", first, "-o", output, "--input", "pixels");
        assertThat(run.err())
                .contains("--input applies to ONNX models only and has no effect on " + output);
    }
}
