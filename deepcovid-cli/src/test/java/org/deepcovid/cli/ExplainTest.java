package org.deepcovid.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepcovid.cli.Terminal.words;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.core.image.PixelMask;
import org.deepcovid.core.image.PngWriter;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.testing.SyntheticRadiographs;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainTest extends TerminalTest {

    @TempDir static Path shared;
    private static Path classifier;
    private static Path image;

    @BeforeAll
    static void saveClassifier() {
        Path data = SyntheticRadiographs.writeParts(shared.resolve("data"), 8, 4, 5, 1);
        classifier = Terminal.saveClassifier(data, shared.resolve("tiny.deepcovid"), 1);
        image = data.resolve("test/covid/000.png");
    }

    private Terminal.Run run(Object... options) {
        Stream<Object> command = Stream.of("explain", classifier, image, "-o", folder);
        return terminal.run(Stream.concat(command, Stream.of(options)).toArray());
    }

    @Test
    void writesAnOverlayAMethodAtTheImagesSizeAndAFigure() throws IOException {
        Terminal.Run run =
                succeeds(
                        words(
                                "--methods=cam,grad-cam,grad-cam-pp,hi-res-cam,score-cam,OCCLUSION"
                                        + " --window=12 --stride=8 --channels=4"));
        for (MethodChoice.Name name : MethodChoice.Name.values()) {
            Path file = folder.resolve("000-" + name + ".png");
            RasterImage overlay = ImageDecoder.decode(file);
            assertThat(overlay.width()).isEqualTo(SyntheticRadiographs.WIDTH);
            assertThat(overlay.height()).isEqualTo(SyntheticRadiographs.HEIGHT);
            assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                    .contains("Not a diagnostic device", "model evidence for 'covid'");
        }
        assertThat(ImageDecoder.decode(folder.resolve("000-figure.png")).width()).isEqualTo(1600);
        assertThat(run.all())
                .containsPattern("CAM: score for covid \\d\\.\\d{4}; of the evidence")
                .contains("Occlusion by 12-pixel squares, zero: score")
                .containsPattern("squares whose occlusion changes the decision cover \\d+\\.\\d %")
                .contains("in the outer tenth (36 % of the area)", "Not a diagnostic device");
    }

    @Test
    void usesTheLungMaskWhereGiven() {
        Path lungs = folder.resolve("lungs.png");
        PixelMask mask =
                PixelMask.of(
                        SyntheticRadiographs.WIDTH,
                        SyntheticRadiographs.HEIGHT,
                        (x, y) -> x > 20 && x < 70);
        PngWriter.write(mask.toImage(), Map.of(), lungs, IfExists.FAIL);
        Terminal.Run run = succeeds("--methods=cam", "--lungs", lungs, "--label=non");
        assertThat(run.all()).contains("score for non", "in the lungs");
        RasterImage overlay = ImageDecoder.decode(folder.resolve("000-cam.png"));
        assertThat(overlay.sample(21, 30, 2)).isGreaterThan(overlay.sample(21, 30, 0) + 40);
    }

    @Test
    void writesTheFigureAsSvgAndDarkOnRequest() throws IOException {
        succeeds(words("--methods=cam --svg --dark --width=1000"));
        assertThat(folder.resolve("000-figure.svg"))
                .content()
                .contains("<svg", "data:image/png;base64", "000.png", "Not a diagnostic device");
        RasterImage figure = ImageDecoder.decode(folder.resolve("000-figure.png"));
        assertThat(figure.width()).isEqualTo(1000);
        assertThat(figure.sample(1, 1, 0)).isLessThan(30);
        assertUserError(2, "--width is 10; expected 400 to 10000", "--width=10");
    }

    @Test
    void explainsAnotherLayerOnRequest() {
        assertThat(succeeds("--methods=grad-cam", "--layer=conv").all())
                .contains("Grad-CAM at conv");
    }

    private Terminal.Run succeeds(Object... options) {
        Terminal.Run run = run(options);
        assertThat(run.code()).as(run.all()).isZero();
        return run;
    }

    @Test
    void reportsUserErrorsInOneLine() throws IOException {
        assertUserError(2, "--label is 'flu'", "--label=flu");
        assertUserError(3, "layer 'fire99' does not exist", "--methods=grad-cam", "--layer=fire99");
        assertUserError(3, "window of 500 pixels", "--methods=occlusion", "--window=500");
        assertUserError(2, "--opacity is 7", "--opacity=7");
        Files.writeString(folder.resolve("000-cam.png"), "precious");
        assertUserError(3, "000-cam.png: exists", "--methods=cam");
        assertThat(folder.resolve("000-cam.png")).hasContent("precious");
        assertThat(run("--methods=cam", "--overwrite").code()).isZero();
    }

    @Test
    void anInterruptedRunIsSimplyRunAgain() throws IOException {
        succeeds("--methods=cam");
        byte[] overlay = Files.readAllBytes(folder.resolve("000-cam.png"));
        Files.delete(folder.resolve("000-figure.png"));
        succeeds("--methods=cam");
        assertThat(folder.resolve("000-cam.png")).hasBinaryContent(overlay);
        assertThat(folder.resolve("000-figure.png")).exists();
    }

    @Test
    void takesNamesFromAListAlsoLongOnes() throws IOException {
        String name = "#" + "\u00fc".repeat(120);
        Path odd = Files.copy(image, folder.resolve(name + ".png"));
        Path list = Files.writeString(folder.resolve("list.txt"), odd + "\n");
        Path output = folder.resolve("heatmaps");
        terminal.succeeds(
                "explain %s --images-from %s -o %s --methods=cam", classifier, list, output);
        assertThat(output.resolve(name.substring(0, 100) + "-cam.png")).exists();
        errors(2, "explain %s -o %s", classifier, output).contains("IMAGE', or --images-from FILE");
    }

    private void assertUserError(int code, String message, Object... options) {
        Terminal.Run run = run(options);
        assertThat(run.code()).as(run.all()).isEqualTo(code);
        assertThat(run.err()).contains("error: ").contains(message).doesNotContain("\tat ");
    }
}
