package org.deepcovid.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepcovid.cli.Terminal.words;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractStringAssert;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.SplitPart;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.image.Augmentation;
import org.deepcovid.core.io.WorkStore;
import org.deepcovid.core.training.ClassBalance;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.core.training.LearningRateSchedule;
import org.deepcovid.core.training.Optimizer;
import org.deepcovid.core.training.RunOptions;
import org.deepcovid.core.training.TrainableLayers;
import org.deepcovid.models.Backbones;
import org.deepcovid.testing.SyntheticRadiographs;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that make, evaluate, compare and hand on classifiers. */
class WorkflowTest extends TerminalTest {

    @TempDir static Path shared;
    private static Path data;
    private static Path first;
    private static Path second;

    @BeforeAll
    static void makeClassifiers() {
        data = SyntheticRadiographs.writeParts(shared.resolve("data"), 6, 4, 5, 1);
        first = Terminal.saveClassifier(data, shared.resolve("first.deepcovid"), 1);
        second = Terminal.saveClassifier(data, shared.resolve("second.deepcovid"), 2);
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
                        "fine-tune %s -o %s --epochs 3 --copies 1 --seed 5 --report %s -v",
                        data, output, report);
        assertThat(run.out())
                .contains(
                        "fitted on 12 images (6 covid), validated on 8 (4)",
                        "seed 5",
                        "tested on 10 images (5 covid)")
                .contains("classifier saved to " + output)
                .contains("report: " + report.resolve("report.html"))
                .contains("Shortcut audit of the training and validation images")
                .containsPattern("the border only .* [01]\\.\\d{3} +\\[.*0.75")
                .contains("The dataset names no sources")
                .doesNotContain("RANDOM");
        for (String file : List.of("report.html", "report.json", "model-card-squeezenet-1-1.md")) {
            assertThat(report.resolve(file))
                    .content()
                    .contains("the border only", "dataset names no sources");
        }
        assertThat(run.err())
                .contains("features: 20 of 20", "head: 3 of 3", "train 12 (6)  val 8 (4)");
        try (CovidClassifier made = CovidClassifier.load(output)) {
            assertThat(made.threshold()).isPresent();
            assertThat(made.provenance().config().epochs()).isEqualTo(3);
        }
    }

    @Test
    void everyPartOfTheRecipeIsAnOption() {
        Path output = folder.resolve("my.deepcovid");
        Path report = folder.resolve("report");
        terminal.succeeds(
                "fine-tune %s -o %s --epochs 3 --learning-rate 1e-5 --augment none --balance none"
                        + " --optimizer sgd:0.8 --schedule cosine:1 --early-stopping 2"
                        + " --train-from last-stage --rule fixed:0.4 --report %s",
                data, output, report);
        try (CovidClassifier made = CovidClassifier.load(output)) {
            FineTuneConfig expected =
                    FineTuneConfig.defaults()
                            .withEpochs(3)
                            .withLearningRate(1e-5)
                            .withPositiveCopies(1, Augmentation.none())
                            .withBalance(ClassBalance.NONE)
                            .withOptimizer(Optimizer.sgdMomentum(0.8))
                            .withSchedule(LearningRateSchedule.cosineDecay(1, 3))
                            .withTrainable(TrainableLayers.lastStage())
                            .withPatience(2);
            assertThat(made.provenance().config()).isEqualTo(expected);
            assertThat(made.provenance().trainedLayers())
                    .containsExactlyInAnyOrder(
                            "fire9.squeeze", "fire9.expand1x1", "fire9.expand3x3");
            assertThat(made.threshold().orElseThrow().value()).isEqualTo(0.4);
        }
        assertThat(report.resolve("epochs.csv")).content().contains("squeezenet-1.1,1,5.0E-6,");
    }

    @Test
    void theMeanOfSeveralSeedsIsSavedAndEachIsShown() {
        Path output = folder.resolve("mean.deepcovid");
        output("fine-tune %s -o %s --epochs 1 --copies 1 --no-audit --seeds 2 --mean", data, output)
                .contains("seed 1: area under", "seed 2: area under", "2 seeds: area under");
        try (CovidClassifier made = CovidClassifier.load(output)) {
            assertThat(made.provenance().config().seeds()).isEqualTo(2);
        }
        usageError("fine-tune %s -o %s --mean", data, folder.resolve("other.deepcovid"))
                .contains("--mean needs --seeds");
    }

    @Test
    void wrongPartsOfTheRecipeAreReportedBeforeAnyWork() {
        Map.of(
                        "--schedule step:0.1", "[constant, step:FACTOR:EPOCHS, cosine,",
                        "--schedule step:0.1:x", "expected step:FACTOR:EPOCHS with numbers",
                        "--schedule step:2:7", "factor is 2.0",
                        "--schedule cosine:1.5", "1.5 is not a whole number",
                        "--optimizer lbfgs", "expected one of [adam, sgd, sgd:MOMENTUM]",
                        "--augment all --copies 3", "--copies needs --augment positives",
                        "--balance x", "expected one of [weighted, none]",
                        "--rule youden --sensitivity 0.9", "expected one of them",
                        "--rule cost:1", "cost:MISS:FALSE-ALARM",
                        "--early-stopping 0", "--early-stopping is 0")
                .forEach(
                        (options, message) ->
                                usageError("fine-tune %s -o my.deepcovid " + options, data)
                                        .contains(message));
    }

    @Test
    void severalSeedsShowTheSpread() throws IOException {
        Path output = folder.resolve("my.deepcovid");
        Path report = folder.resolve("report");
        Terminal.Run run =
                terminal.succeeds(
                        "fine-tune %s -o %s --epochs 2 --copies 1 --seed 4 --seeds 2 --report %s"
                                + " --no-audit",
                        data, output, report);
        assertThat(run.err()).doesNotContain("interrupted run");
        assertThat(run.out())
                .doesNotContain("Shortcut audit")
                .containsPattern("seed 5: area under the ROC curve \\d\\.\\d{4}, sensitivity \\d/5")
                .containsPattern("2 seeds: area under the ROC curve .*, standard deviation \\d");
        assertThat(report.resolve("report.html")).content().contains("2 trainings that differ");
        Path single = folder.resolve("single.deepcovid");
        terminal.succeeds("fine-tune %s -o %s --epochs 2 --copies 1 --seed 4", data, single);
        assertThat(Terminal.weights(output)).isEqualTo(Terminal.weights(single));

        Path some = SyntheticRadiographs.writeParts(folder.resolve("some"), 4, 3, 0, 2);
        for (String option : List.of("--seeds 2", "--report " + folder.resolve("none"))) {
            errors(3, "fine-tune %s -o %s " + option, some, folder.resolve("no.deepcovid"))
                    .contains(option.split(" ")[0] + " needs test images", "has no test part");
        }
    }

    @Test
    void foldsPoolTheScoresOfAllImagesOutsideTheTestPart() {
        Path output = folder.resolve("my.deepcovid");
        Path report = folder.resolve("report");
        output(
                        "fine-tune %s -o %s --epochs 2 --copies 1 --folds 2 --rule fixed:0.5"
                                + " --report %s",
                        data, output, report)
                .contains("cross-validation: 2 folds by patient, 20 images (10 covid)")
                .containsPattern(
                        "fold +images +patients +covid +area under the ROC curve +sensitivity")
                .containsPattern("area under the ROC curve +\\d\\.\\d{3} \\[");
        assertThat(report.resolve("report.html"))
                .content()
                .contains("2 folds by patient", "is read as: folders, one for each label");
        usageError("fine-tune %s -o %s --folds 1", data, output).contains("--folds is 1");
        errors(3, "fine-tune %s -o %s --folds 11", data, folder.resolve("no.deepcovid"))
                .contains("11 folds of 20 images");
    }

    @Test
    void infoListsTheLayersToTrainFrom() {
        String[] bundled = terminal.succeeds("info --layers").out().split("\n");
        assertThat(bundled).hasSize(25);
        assertThat(bundled[0]).startsWith("conv1 ");
        assertThat(bundled[22]).startsWith("fire9.squeeze ");
        assertThat(terminal.succeeds("info --layers resnet18").out()).contains("layer4.0.conv1 ");
        errors(0, "info %s --layers", first).contains("last-stage of tiny");
        errors(3, "fine-tune %s -o my.deepcovid --train-from fire99", data)
                .contains("no layer 'fire99'", "fire9.squeeze");
    }

    @Test
    void theSameCommandContinuesAnInterruptedRun() throws IOException {
        Path output = folder.resolve("my.deepcovid");
        Object[] words = words("fine-tune %s -o %s --epochs 2 --copies 1", data, output);
        errors(0, words).doesNotContain("continuing");
        assertThat(ResumableSubcommand.folder(output)).doesNotExist();
        byte[] expected = Terminal.weights(output);
        assertThat(terminal.run(words).code()).as("a finished output").isEqualTo(3);
        Files.delete(output);
        leaveFeatures(output);
        // --resume is accepted, without effect
        errors(0, "fine-tune %s -o %s --epochs 2 --copies 1 --resume", data, output)
                .contains("continuing from 20 images of an interrupted run");
        assertThat(Terminal.weights(output)).isEqualTo(expected);
        assertThat(ResumableSubcommand.folder(output)).doesNotExist();
    }

    /** What a run keeps that ends without having finished. */
    private static void leaveFeatures(Path output) {
        FineTuneConfig config = FineTuneConfig.defaults().withEpochs(1);
        try (WorkStore work = WorkStore.in(ResumableSubcommand.folder(output))) {
            CovidClassifier.fineTune(
                            Backbones.bundled(),
                            PatientSplitter.seeded(1).split(XrayDataset.read(data)).fitting(),
                            config.withPositiveCopies(1, config.augmentation()),
                            RunOptions.defaults().withWork(work))
                    .close();
        }
    }

    @Test
    void fineTuneReportsMistakesBeforeAnyWork() throws IOException {
        Path output = folder.resolve("my.deepcovid");
        assertThat(terminal.run("fine-tune", data).err()).contains("--output=FILE");
        usageError("fine-tune %s -o %s --network vgg", data, output).contains("--network is 'vgg'");
        usageError("fine-tune %s -o %s --weights none.h5", data, output)
                .contains("--weights is 'none.h5'");
        usageError("fine-tune %s -o %s --network resnet18", data, output)
                .contains("the bundled weights are of squeezenet");
        usageError("fine-tune %s -o %s --weights %s --network resnet18", data, output, first)
                .contains("--network is 'resnet18', and " + first);
        usageError("fine-tune %s -o %s --epochs 0", data, output).contains("--epochs is 0");
        usageError("fine-tune %s -o %s --learning-rate -1", data, output)
                .contains("--learning-rate is -1");
        usageError("fine-tune %s -o %s --sensitivity 2", data, output)
                .contains("--sensitivity is 2");
        usageError("fine-tune %s -o %s --test 1", data, output).contains("--test is 1");
        assertThat(output).doesNotExist();

        Path noClasses = Files.createDirectories(folder.resolve("no-classes"));
        errors(3, "fine-tune", noClasses, "-o", output)
                .contains("folder covid is missing", "expected images in a folder for each label");

        Files.writeString(output, "precious");
        errors(3, "fine-tune", data, "-o", output)
                .contains("exists", "choose another name", ": --overwrite");
        assertThat(output).hasContent("precious");
    }

    private AbstractStringAssert<?> usageError(Object... words) {
        return errors(2, words).contains("error: ", "see: deepcovid");
    }

    @Test
    void withoutTestImagesAThresholdIsChosenAndNothingClaimed() {
        Path some = SyntheticRadiographs.writeParts(folder.resolve("some"), 4, 3, 0, 2);
        Path output = folder.resolve("my.deepcovid");
        errors(0, "fine-tune %s -o %s --recipe robust --epochs 2 --copies 1", some, output)
                .contains("there is no test part");
        FineTuneConfig robust = FineTuneConfig.robust().withEpochs(2);
        try (CovidClassifier made = CovidClassifier.load(output)) {
            assertThat(made.provenance().config())
                    .isEqualTo(robust.withPositiveCopies(1, robust.augmentation()));
        }
        assertThat(terminal.run("info", output).out())
                .contains("sensitivity of at least 0.95", "validation     6 images, 3 covid");
    }

    @Test
    void evaluatesTheMarkedTestPartWithTheStoredThreshold() {
        Path report = folder.resolve("report");
        output("evaluate %s %s --report %s", first, data, report)
                .contains("tested on 10 images (5 covid)", "threshold 0.5000: fixed", "report: ");
        assertThat(report.resolve("report.html")).exists();
        errors(3, "evaluate %s %s --report %s", first, data, report).contains("not empty");
        output("evaluate %s %s --report %s --overwrite --stress", first, data, report)
                .contains("black border of 10 %", "enlarged three times");
        assertThat(report.resolve("report.json")).content().contains("\"JPEG_30\"");
    }

    @Test
    void evaluatesAllOfADatasetWithoutMarksAndChoosesThresholdsOnValidationOnly() {
        Path other = SyntheticRadiographs.writeClasses(folder.resolve("other"), 4, 77);
        assertThat(terminal.run("evaluate", first, other).out()).contains("tested on 8 images");
        assertThat(terminal.run("evaluate %s %s --threshold 0.25", first, other).out())
                .contains("threshold 0.2500: given on the command line");
        usageError("evaluate %s %s --sensitivity 0.9", first, other)
                .contains("--sensitivity needs validation images");
        assertThat(
                        terminal.run("evaluate %s %s --sensitivity 0.9", first, data)
                                .out()
                                .replaceAll("\\s+", " "))
                .contains("sensitivity of at least 0.9", "8 validation images")
                .contains("Shortcut audit of the test images (10)", "Too few patients to tell (5");
        terminal.exits(2, "evaluate %s %s --sensitivity 0.9 --threshold 0.5", first, data);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prepare DATA -o OUT",
                "fine-tune DATA -o OUT",
                "fine-tune DATA -o MADE --report OUT",
                "evaluate FIRST DATA --report OUT",
                "predict FIRST DATA -o OUT",
                "explain FIRST DATA -o OUT",
                "compare FIRST SECOND --data DATA --report OUT",
                "reproduce DATA -o OUT --random squeezenet=FIRST",
                "export FIRST -o OUT --format onnx",
                "demo DATA -o OUT"
            })
    void ofTwoRunsWithTheSameOutputTheSecondIsRefusedBeforeItWorks(String line) throws IOException {
        Path output = folder.resolve("output");
        String words =
                line.replace("DATA", data.toString())
                        .replace("FIRST", first.toString())
                        .replace("SECOND", second.toString())
                        .replace("MADE", folder.resolve("made.deepcovid").toString())
                        .replace("OUT", output.toString());
        try (OutputClaims other = new OutputClaims()) {
            assertThat(other.add(output)).isTrue();
            errors(3, words).contains("another run", output.toString());
        }
        assertThat(output).doesNotExist();
        assertThat(ResumableSubcommand.folder()).isEmptyDirectory();
    }

    @Test
    void optionsWithoutEffectAreNamed() {
        errors(0, "evaluate %s %s --report-patients --overwrite --resume", first, data)
                .contains(
                        "--report-patients has no effect: it needs --report",
                        "--overwrite has no effect: it needs --report",
                        "--resume has no effect: an interrupted run is always continued");
        errors(0, "predict %s %s --overwrite", first, data).contains("it needs --output");
        errors(0, "compare %s %s --data %s --seeds 2", first, second, data)
                .contains("--seeds has no effect: saved classifiers are not trained");
        Path image = data.resolve("test/covid/000.png");
        errors(0, "explain %s %s -o %s --methods cam --window 8 --layer x", first, image, folder)
                .contains(
                        "--window has no effect: --methods has no occlusion",
                        "--layer has no effect: --methods has none of [grad-cam");
        errors(0, "prepare %s -o %s --test 0.3 --covid 1,2", data, folder.resolve("m.csv"))
                .contains(
                        "--test has no effect: the dataset marks its parts",
                        "--covid has no effect: it needs --recipe");
        assertThat(terminal.run("audit %s --heatmaps 3", data).err())
                .contains("--heatmaps has no effect: it needs --classifier");
    }

    @Test
    void evaluatesImagesOfOneClass() throws IOException {
        Path healthy = SyntheticRadiographs.writeClasses(folder.resolve("healthy"), 4, 79);
        for (Path file : files(healthy.resolve("covid"))) {
            Files.delete(file);
        }
        Path report = folder.resolve("report");
        output("evaluate %s %s --report %s", first, healthy, report)
                .contains("tested on 4 images (0 covid)", "specificity", "One class only: none of")
                .doesNotContain("sensitivity  ");
        assertThat(report.resolve("report.html")).content().contains("One class only: none of");
        output("compare %s %s --data %s", first, second, healthy).contains("4 images, 0 covid");
        errors(3, "evaluate %s %s --part val", first, healthy)
                .contains("the part 'val' of " + healthy + " has no images");
    }

    @Test
    void evaluateRefusesFittingImagesAndUnreadableOnes() throws IOException {
        errors(3, "evaluate %s %s --part train", first, data)
                .contains("the classifier was fitted on all its")
                .doesNotContain("was among");
        Path other = SyntheticRadiographs.writeClasses(folder.resolve("other"), 3, 78);
        Path image = other.resolve("covid/001.png");
        byte[] bytes = Files.readAllBytes(image);
        bytes[bytes.length / 2] ^= 0x55;
        Files.write(image, bytes);
        errors(3, "evaluate", first, other).contains("covid/001.png");
        errors(3, "evaluate", first, folder.resolve("none")).contains("none does not exist");
    }

    @Test
    void comparesWithPairedTests() {
        Path report = folder.resolve("report");
        output("compare %s %s --data %s --report %s", first, second, data, report)
                .contains("10 images, 5 covid", "first and second, p-values adjusted for 1 pair")
                .containsPattern("(?m)^first \\(RANDOM\\) +\\d\\.\\d{4} \\[")
                .containsPattern("p (\\d\\.\\d{4}|none) \\(DeLong\\)")
                .contains("covid images that only one calls right", "(McNemar)")
                .contains(
                        "does not show that two classifiers are equal", "Not a diagnostic device");
        assertThat(report.resolve("report.html")).content().contains("id=\"comparison\"");
    }

    @Test
    void compareNamesWhatItCannotUseBeforeItScores() throws IOException {
        usageError("compare", first, "--data", data).contains("1 classifiers are given");
        errors(2, "compare %s %s --data %s", first, first, data)
                .contains("is given twice")
                .doesNotContain("scoring");
        Path text = Files.writeString(folder.resolve("text"), "x");
        errors(3, "compare %s %s --data %s", first, text, data)
                .contains("not a saved classifier")
                .doesNotContain("scoring");
    }

    @Test
    void exportsInThreeFormatsByEnding() throws IOException {
        Path squeezeNet = folder.resolve("net.deepcovid");
        terminal.run("fine-tune %s -o %s --epochs 1 --copies 1 --weights random", data, squeezeNet);
        for (String name : List.of("a.onnx", "a.safetensors", "a.h5")) {
            terminal.succeeds("export", squeezeNet, "-o", folder.resolve(name));
            assertThat(folder.resolve(name)).isNotEmptyFile();
        }
        errors(3, "export", squeezeNet, "-o", folder.resolve("a.safetensors"))
                .contains("a.safetensors", "exists");
        usageError("export", squeezeNet, "-o", folder.resolve("a.bin")).contains("no known format");
        Path bin = folder.resolve("a.bin");
        terminal.succeeds("export %s -o %s --format onnx --input pixels", squeezeNet, bin);
        Path h5 = folder.resolve("b.h5");
        errors(0, "export %s -o %s --input pixels", squeezeNet, h5)
                .contains("--input has no effect: only ONNX models have a choice of inputs");
        assertThat(files(folder)).noneMatch(file -> file.toString().endsWith(".tmp"));
    }

    @Test
    void sourcesThatWereFittedOnAreListedAndRecognised() throws IOException {
        StringBuilder csv = new StringBuilder("file,label,split,source\n");
        for (String part : List.of("train", "val", "test")) {
            for (int i = 0; i < 4; i++) {
                String source = part.equals("test") && i < 2 ? "ward" : "clinic";
                csv.append("%1$s/covid/00%2$d.png,covid,%1$s,%3$s\n".formatted(part, i, source));
                csv.append("%1$s/non/00%2$d.png,non,%1$s,%3$s\n".formatted(part, i, source));
            }
        }
        Path manifest = Files.writeString(data.resolve("sources.csv"), csv);
        Path saved = Terminal.saveClassifier(manifest, folder.resolve("c.deepcovid"), 1);

        output("info", saved).contains("fitted source  clinic (8 non, 8 covid)");
        output("evaluate %s %s", saved, manifest)
                .containsPattern("clinic +yes +2 ")
                .containsPattern("ward +no +2 ")
                .contains("Within the sources that hold both (clinic, ward)")
                .contains("tell sources that were fitted on from new ones");
    }

    @Test
    void infoDescribesTheInstallationOrAClassifier() {
        output("info")
                .contains("CpuBackend", "squeezenet", folder.resolve("home/weights").toString())
                .contains("none (looked for");
        output("info", first)
                .contains(
                        "tiny-test-network", "RANDOM, never trained", "non, covid; positive: covid")
                .contains(
                        "12 images, 6 covid, 12 patients", "0.5: fixed; no images", "ONNX Runtime");
    }

    @Test
    void preparesAManifestThatKeepsPatientsTogether() throws IOException {
        Path root = folder.resolve("radiographs");
        for (int i = 0; i < 40; i++) {
            String label = i < 20 ? "covid" : "non";
            int patient = i / 2 % 10;
            SyntheticRadiographs.write(
                    root.resolve("%s/P%s%d_%d.png".formatted(label, label, patient, i % 2)),
                    SyntheticRadiographs.draw(
                            LabelSet.COVID.parse(label).orElseThrow(), 100 * patient + i % 2));
        }
        Path manifest = root.resolve("manifest.csv");
        output("prepare %s -o %s --patients ^(P\\w+?\\d)_", root, manifest)
                .contains("manifest written to " + manifest);

        List<LabelledImage> images = XrayDataset.read(root).images(); // refuses divided patients
        assertThat(images).hasSize(40).allMatch(LabelledImage::patientKnown);
        assertThat(images.stream().map(image -> image.part().orElseThrow()).distinct())
                .containsExactlyInAnyOrder(SplitPart.values());

        String written = Files.readString(manifest);
        terminal.exits(3, "prepare", root, "-o", manifest);
        Path elsewhere = Files.createDirectories(folder.resolve("else")).resolve("m.csv");
        Files.delete(manifest);
        terminal.run("prepare %s -o %s --patients ^(P\\w+?\\d)_", root, elsewhere);
        assertThat(Files.readString(elsewhere))
                .as("same seed, same split")
                .isEqualTo(written.replaceAll("(?m)^(covid|non)/", "../radiographs/$1/"));
        assertThat(XrayDataset.read(elsewhere).images()).hasSize(40);

        usageError("prepare %s -o %s --patients P", root, manifest).contains("has no group");
        usageError("prepare %s -o %s --patients (", root, manifest).contains("--patients '('");
        errors(3, "prepare %s -o %s --patients (Q\\d)", root, manifest)
                .contains("40 problems", "does not match");
        assertThat(manifest).doesNotExist();
    }

    @Test
    void prepareReportsAllFilesThatCannotBeDecoded() throws IOException {
        Path root = SyntheticRadiographs.writeClasses(folder.resolve("r"), 5, 3);
        for (String name : List.of("covid/001.png", "non/002.png")) {
            byte[] bytes = Files.readAllBytes(root.resolve(name));
            Files.write(root.resolve(name), java.util.Arrays.copyOf(bytes, bytes.length / 2));
        }
        errors(3, "prepare", root, "-o", folder.resolve("m.csv"))
                .contains("2 problems", "covid/001.png", "non/002.png");
        assertThat(folder.resolve("m.csv")).doesNotExist();
    }

    @Test
    void explainsImagesAndListsUnreadableOnes() throws IOException {
        Path heatmaps = folder.resolve("heatmaps");
        Path image = data.resolve("test/covid/000.png");
        Path bad = Files.writeString(folder.resolve("bad.png"), "x");
        Terminal.Run run =
                terminal.exits(
                        1,
                        "explain %s %s %s %s -o %s --methods cam,grad-cam",
                        first,
                        image,
                        data.resolve("test/non/000.png"),
                        bad,
                        heatmaps);
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

        errors(3, "explain %s %s -o %s", first, image, heatmaps).contains("exists");
        usageError("explain %s %s -o x --methods gcam", first, image).contains("but was 'gcam'");
        errors(3, "explain", folder.resolve("none"), image, "-o", heatmaps)
                .contains("there is no such file");
        Path output = folder.resolve("maps");
        usageError("explain %s %s -o %s --methods=occlusion --window=0", first, image, output)
                .contains("an option of --methods is wrong: window 0");
        assertThat(output).doesNotExist();
        errors(3, "explain %s %s -o %s", first, image, bad)
                .contains("--output " + bad + " is a file; name a folder");
    }
}
