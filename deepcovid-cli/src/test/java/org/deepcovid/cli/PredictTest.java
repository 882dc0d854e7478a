package org.deepcovid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.core.io.WorkStore;
import org.deepcovid.core.training.RunOptions;
import org.deepcovid.testing.SyntheticRadiographs;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictTest extends TerminalTest {

    @TempDir static Path shared;
    private static Path classifier;

    private Path images;

    @BeforeAll
    static void makeClassifier() {
        Path data = SyntheticRadiographs.writeParts(shared.resolve("data"), 8, 4, 5, 1);
        classifier = Terminal.saveClassifier(data, shared.resolve("tiny.deepcovid"), 1);
    }

    @BeforeEach
    void makeImages() {
        images = SyntheticRadiographs.writeClasses(folder.resolve("images"), 3, 9);
    }

    private double score(Path image) {
        try (CovidClassifier loaded = CovidClassifier.load(classifier)) {
            return loaded.predict(image).positiveProbability();
        }
    }

    @Test
    void tableHoldsScoreAndCallOfEveryFileAndIsAllThatQuietPrints() {
        Terminal.Run run = terminal.succeeds("predict", classifier, images);
        Path first = images.resolve("covid/000.png");
        assertThat(run.out().lines().skip(1)).hasSize(6);
        assertThat(run.out().lines().toList().get(1))
                .startsWith("%.4f".formatted(score(first)))
                .endsWith(first.toString())
                .containsPattern("  0\\.5000     (covid|non) ");
        assertThat(run.out()).startsWith("score     threshold  called  distance  file");
        assertThat(run.err())
                .containsOnlyOnce("scoring: 6 of 6")
                .contains("Not a diagnostic device", "no input check: this classifier");
        Terminal.Run quiet = terminal.run("predict", classifier, images, "-q");
        assertThat(quiet.err()).isEmpty();
        assertThat(quiet.out()).isEqualTo(run.out());
    }

    @Test
    void csvAndJsonLinesCarryTheWholeScore() throws IOException {
        Path image = images.resolve("non/001.png");
        double score = score(image);
        String label = score >= 0.5 ? "covid" : "non";
        assertThat(terminal.run("predict %s %s --format csv", classifier, image).out())
                .isEqualTo(
                        "file,covid_score,threshold,called,error,remark,distance,calibration%n%s,%s,0.5,%s,,,,none%n"
                                .formatted(image, score, label));
        String line = terminal.run("predict %s %s --format JSONL", classifier, image).out();
        JsonNode json = new ObjectMapper().readTree(line);
        assertThat(json.get("file").asText()).isEqualTo(image.toString());
        assertThat(json.get("covidScore").asDouble()).isEqualTo(score);
        assertThat(json.get("called").asText()).isEqualTo(label);
        assertThat(json.has("error")).isFalse();
    }

    @Test
    void anUnreadableFileAmongGoodOnesIsListedAndTheOthersAreScored() throws IOException {
        Path bad = Files.writeString(images.resolve("covid/001b.png"), "not an image");
        Terminal.Run run = terminal.exits(1, "predict %s %s --format jsonl", classifier, images);
        assertThat(run.out()).hasLineCount(7);
        List<String> lines = run.out().lines().toList();
        assertThat(lines.get(2)).contains("001b.png", "\"error\"").doesNotContain("covidScore");
        assertThat(lines.get(3)).contains("002.png", "covidScore");
        assertThat(run.err()).contains("1 of 7 files got no score").doesNotContain(bad + ": ");
        assertThat(
                        terminal.exits(
                                        1,
                                        "predict %s %s -o %s",
                                        classifier,
                                        images,
                                        folder.resolve("scores.txt"))
                                .err())
                .contains("1 of 7 files got no score", bad + ": ");
        terminal.exits(3, "predict", classifier, bad);
    }

    @Test
    void aMissingFileIsNamedAndTheOthersAreScored() {
        Path missing = images.resolve("gone.png");
        Path image = images.resolve("non/001.png");
        Terminal.Run run =
                terminal.exits(1, "predict %s %s %s --format csv", classifier, missing, image);
        assertThat(run.out().lines().toList().get(1))
                .startsWith(missing + ",,")
                .contains("there is no such file");
        assertThat(run.out().lines().toList().get(2)).startsWith(image + ",0.");
        assertThat(run.err()).contains("1 of 2 files got no score");
        errors(3, "predict", classifier, missing).contains("there is no file or folder");
    }

    @Test
    void blankAndLargePicturesGetAnErrorAndOddOnesARemark() throws IOException {
        BufferedImage picture = new BufferedImage(1200, 1000, BufferedImage.TYPE_USHORT_GRAY);
        Path blank = folder.resolve("blank.png");
        ImageIO.write(picture, "png", blank.toFile());
        for (int i = 0; i < 1200 * 1000; i++) {
            picture.getRaster().setSample(i % 1200, i / 1200, 0, i % 4096);
        }
        Path odd = folder.resolve("odd.png");
        ImageIO.write(picture, "png", odd.toFile());
        String remark = "its 16-bit samples fit into 12 bits and are read as such";

        List<String> lines =
                terminal.exits(1, "predict %s %s %s --format csv", classifier, blank, odd)
                        .out()
                        .lines()
                        .toList();
        assertThat(lines.get(1))
                .startsWith(blank + ",,,,")
                .contains("it has a single grey level")
                .endsWith(",");
        assertThat(lines.get(2)).endsWith(",," + remark + ",,none");
        assertThat(terminal.run("predict %s %s --format jsonl", classifier, odd).out())
                .contains("\"remark\":\"" + remark + "\"");
        assertThat(terminal.run("predict %s %s", classifier, odd).out())
                .contains(odd + "  (" + remark + ")");
        try {
            assertThat(terminal.exits(3, "predict %s %s --max-megapixels 1", classifier, odd).out())
                    .contains("1200 x 1000 pixels; expected at most 1 megapixels");
            errors(2, "predict %s %s --max-megapixels 701", classifier, odd)
                    .contains("--max-megapixels is 701; expected 1 to 700");
        } finally {
            System.clearProperty(ImageDecoder.MAX_MEGAPIXELS);
        }
        errors(1, "explain %s %s %s -o %s", classifier, blank, odd, folder.resolve("maps"))
                .contains("it has a single grey level");
    }

    @Test
    void patternsAreMatchedWhereTheShellDoesNot() {
        output("predict", classifier, images + "/*/00[12].png", "-q")
                .hasLineCount(5)
                .contains("covid/001.png")
                .doesNotContain("000.png");
    }

    @Test
    void missingFilesAreReportedTogether() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("empty"));
        String pattern = images + "/*.bmp";
        Terminal.Run run =
                terminal.exits(3, "predict", classifier, "none.png", empty, pattern, images);
        assertThat(run.err())
                .contains("'none.png'", empty.toString(), "*.bmp", "expected image files");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void imagesInFoldersAreToldByTheirContent() throws IOException {
        Files.writeString(images.resolve("notes.txt"), "x");
        Files.copy(images.resolve("non/001.png"), images.resolve("non/a.jfif"));
        Files.copy(images.resolve("non/001.png"), images.resolve("non/b"));
        Terminal.Run run = terminal.succeeds("predict", classifier, images);
        assertThat(run.err()).contains("left out: 1, no images by name or content", "notes.txt");
        assertThat(run.out()).contains("a.jfif", "non/b");
    }

    @Test
    void writesItsOutputAtOnceAndNeverOverAnotherUnasked() throws IOException {
        Path output = folder.resolve("scores.csv");
        Object[] words = {"predict", classifier, images, "--format", "csv", "-o", output};
        terminal.succeeds(words);
        assertThat(output).content().hasLineCount(7);
        Files.writeString(output, "precious");
        errors(3, words).contains(output.toString(), "exists", ": --overwrite");
        assertThat(output).hasContent("precious");
        terminal.succeeds(Stream.concat(Stream.of(words), Stream.of("--overwrite")).toArray());
        assertThat(output).content().hasLineCount(7);
        errors(3, "predict %s %s -o %s", classifier, images, folder.resolve("no/x.csv"))
                .contains("the folder does not exist");
    }

    @Test
    void thresholdOfTheCommandLineWins() {
        Path image = images.resolve("non/001.png");
        assertThat(terminal.run("predict %s %s --threshold 0", classifier, image).out())
                .contains("  covid ");
        for (String value : List.of("NaN", "1.01", "-0.1", "50")) {
            errors(2, "predict %s %s --threshold=" + value, classifier, image)
                    .contains("--threshold is", "expected 0 to 1");
        }
    }

    @Test
    void continuesAnInterruptedRun() throws IOException {
        Path image = images.resolve("covid/000.png");
        Path kept;
        try (CovidClassifier loaded = CovidClassifier.load(classifier)) {
            String sum = FileHashes.sha256(classifier);
            kept = ResumableSubcommand.folder().resolve("scores-" + sum.substring(0, 16));
            String network = "scores of " + sum + " by " + loaded.engine().runtime();
            try (WorkStore store = WorkStore.in(kept)) {
                loaded.with(RunOptions.defaults().withWork(store), network)
                        .predict(Stream.of(image), (file, prediction) -> {});
            }
        }
        assertThat(kept).isNotEmptyDirectory();

        Terminal.Run run =
                terminal.succeeds("predict %s %s --format csv --resume", classifier, images);
        assertThat(run.out()).contains(image + "," + score(image) + ",").hasLineCount(7);
        assertThat(run.err()).contains("continuing an interrupted run, which scored 1 images");
        assertThat(kept).doesNotExist();
    }

    @Test
    void withoutAPlaceForJournalsItScoresAllTheSame() throws IOException {
        Files.writeString(folder.resolve("home"), "a file where a folder should be");
        assertThat(terminal.succeeds("predict", classifier, images).err())
                .contains("this run cannot be continued");
    }

    @Test
    void numbersHaveAPointInEveryLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertThat(terminal.run("predict", classifier, images, "-q").out())
                    .containsPattern("(?m)^0\\.\\d{4} ")
                    .doesNotContainPattern("\\d,\\d");
            assertThat(terminal.run("info", classifier).out())
                    .contains("Adam (0.9, 0.999)", " GiB of ")
                    .doesNotContainPattern("\\d,\\d");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void aListHasOneNameInEachLine() throws IOException {
        Path odd = images.resolve("#a --format *.png");
        Files.copy(images.resolve("non/001.png"), odd);
        Path list = Files.writeString(folder.resolve("list.txt"), odd + "\n\n" + images + "/non\n");

        output("predict", classifier, "--images-from", list, "-q")
                .hasLineCount(5)
                .contains("#a --format *.png", "002.png");
        Files.writeString(list, images + "/none*.png\n");
        errors(3, "predict", classifier, "--images-from", list).contains("there is no file");
    }

    @Test
    void hiddenFilesAndMasksInFoldersAreSkipped() throws IOException {
        Path folder = images.resolve("non/images");
        for (String name :
                List.of("images/a.png", "masks/a.png", "@eaDir/a.png", "__MACOSX/a.png")) {
            Path file = images.resolve("non").resolve(name);
            Files.createDirectories(file.getParent());
            Files.copy(images.resolve("non/001.png"), file);
        }
        Terminal.Run run = terminal.succeeds("predict", classifier, images.resolve("non"));
        assertThat(run.out()).hasLineCount(5).contains(folder.resolve("a.png").toString());
        assertThat(run.err()).contains("left out: 3, hidden files or masks, such as");
    }

    @Test
    void swappedArgumentsAreRecognised() {
        Path image = images.resolve("non/001.png");
        errors(2, "predict", image, classifier)
                .contains("the classifier comes first: %s looks like one".formatted(classifier));
        errors(2, "evaluate", image, classifier).contains("the classifier comes first");
    }

    @Test
    void aFolderIsNoClassifier() {
        errors(2, "predict", images, images)
                .contains("the classifier comes first, and %s is a folder".formatted(images));
    }

    @Test
    void aForgottenClassifierIsRecognised() {
        Path image = images.resolve("non/001.png");
        String hint = "the classifier comes first, and %s is an image".formatted(image);
        errors(2, "predict", image).contains(hint).doesNotContain("IMAGE");
        errors(2, "predict", image, images.resolve("covid/001.png")).contains(hint);
    }
}
