package org.deepcovid.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.eval.explain.HeatmapFigure;
import org.deepcovid.testing.SyntheticRadiographs;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The mains as processes of their own, in an empty working folder, as the launcher starts them. */
class ExampleMainsTest {

    private static final Path SOURCES = Path.of("src/main/java/org/deepcovid/examples");

    @TempDir static Path data;
    @TempDir Path folder;

    @BeforeAll
    static void drawImages() {
        SyntheticRadiographs.writeParts(data, 8, 4, 5, 1);
    }

    private String run(int code, Object... words) throws Exception {
        List<String> java =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx2g",
                        "-Ddeepcovid.home=" + folder.resolve("home"),
                        "-Ddeepcovid.offline=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.deepcovid.cli.DeepCovid");
        Process process =
                new ProcessBuilder(
                                Stream.concat(java.stream(), Stream.of(words).map(Object::toString))
                                        .toList())
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("printed.txt").toFile())
                        .start();
        int ended = process.waitFor();
        String printed = Files.readString(folder.resolve("printed.txt"));
        assertThat(ended).as(printed).isEqualTo(code);
        return printed;
    }

    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .filter(name -> !name.equals("package-info"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void fineTunesEvaluatesAndSaves() throws Exception {
        assertThat(run(0, "FineTuneSqueezeNet", data))
                .contains(
                        "fitted on 16 images (8 covid), validated on 8 (4)",
                        "tested on 10 images (5 covid)",
                        "area under the ROC curve",
                        "Not a diagnostic device",
                        "classifier saved to example.deepcovid");
        assertThat(folder.resolve("example.deepcovid")).isNotEmptyFile();
    }

    @Test
    void predictsAndExplainsATestImage() throws Exception {
        assertThat(run(0, "PredictOneImage", data))
                .contains(data.resolve("test/").toString())
                .containsPattern("score for covid [01]\\.\\d{4}")
                .contains("Not a diagnostic device");

        assertThat(run(0, "ExplainOneImage", data)).contains("heatmap.png");
        assertThat(ImageDecoder.decode(folder.resolve("heatmap.png")).width())
                .isEqualTo(2 * HeatmapFigure.WIDTH);
    }

    @Test
    void followsAnotherRecipe() throws Exception {
        assertThat(run(0, "OwnRecipe", data)).contains("area under the ROC curve");
    }

    /** The home folder of the run has no cached weights, and downloads are switched off. */
    @Test
    void weightsThatAreMissingAreNamed() throws Exception {
        assertThat(run(3, "CompareNetworks", data))
                .containsPattern("squeezenet-1.1 +area under the ROC curve [01]\\.\\d{4}")
                .contains("error: weights resnet50", "downloads are switched off");
        assertThat(run(3, "FineTuneResNet50", data)).contains("error: weights resnet50");
    }

    @Test
    void wrongInputIsReportedInOneMessage() throws Exception {
        Path missing = folder.resolve("missing");
        assertThat(run(3, "FineTuneSqueezeNet", missing))
                .startsWith("error: ")
                .contains("missing")
                .doesNotContain("\tat ");
        assertThat(run(2, "PredictTwoImages", data))
                .contains("there is no example main 'PredictTwoImages'", "PredictOneImage");
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyMainIsShortKnownToTheLauncherAndTakesAFolderOnly(String name) throws Exception {
        assertThat(lines(name)).isLessThanOrEqualTo(40);
        assertThat(run(2, name, "--epochs", 3)).contains("usage: deepcovid " + name + " DATA");
    }

    private static int lines(String name) throws IOException {
        return Files.readAllLines(SOURCES.resolve(name + ".java")).size();
    }
}
