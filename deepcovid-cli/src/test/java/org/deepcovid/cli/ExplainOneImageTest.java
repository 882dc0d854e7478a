package org.deepcovid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.core.image.PixelMask;
import org.deepcovid.core.image.PngWriter;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.testing.SyntheticRadiographs;
import org.deepcovid.testing.TinyBackbone;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainOneImageTest {

    @TempDir static Path shared;
    @TempDir Path folder;
    private static Path classifier;
    private static Path image;

    @BeforeAll
    static void saveClassifier() {
        Path data = SyntheticRadiographs.writeParts(shared.resolve("data"), 8, 4, 5, 1);
        classifier = shared.resolve("tiny.deepcovid");
        try (FineTuned run =
                CovidClassifier.fineTune(
                        TinyBackbone.random(1),
                        PatientSplitter.seeded(1).split(XrayDataset.read(data)).fitting(),
                        FineTuneConfig.defaults().withEpochs(3))) {
            run.classifier().save(classifier);
        }
        image = data.resolve("test/covid/000.png");
    }

    private static ConsoleRun run(Object... args) {
        return ConsoleRun.of(new ExplainOneImage(), args);
    }

    @Test
    void writesAnOverlayAMethodAtTheImagesSizeAndAFigure() throws IOException {
        ConsoleRun run =
                run(
                        classifier,
                        image,
                        folder,
                        "--method=CAM,GRAD_CAM,GRAD_CAM_PP,HI_RES_CAM,SCORE_CAM,OCCLUSION",
                        "--window=12",
                        "--stride=8",
                        "--channels=4");

        assertThat(run.code()).as(run.text()).isZero();
        for (String name :
                new String[] {
                    "cam", "grad-cam", "grad-cam-pp", "hi-res-cam", "score-cam", "occlusion"
                }) {
            Path file = folder.resolve("000-" + name + ".png");
            RasterImage overlay = ImageDecoder.decode(file);
            assertThat(overlay.width()).isEqualTo(SyntheticRadiographs.WIDTH);
            assertThat(overlay.height()).isEqualTo(SyntheticRadiographs.HEIGHT);
            assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                    .contains("Not a diagnostic device")
                    .contains("model evidence for 'covid'");
        }
        assertThat(ImageDecoder.decode(folder.resolve("000-figure.png")).width())
                .isGreaterThan(3 * 220);
        assertThat(run.text())
                .containsPattern("CAM: score for covid \\d\\.\\d{4}; of the evidence")
                .contains("Occlusion 12/8 zero: score")
                .containsPattern("squares that flip the decision when covered make up \\d+\\.\\d %")
                .contains("in the outer tenth (36 % of the area)")
                .contains("Not a diagnostic device");
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

        ConsoleRun run =
                run(classifier, image, folder, "--method=CAM", "--lungs", lungs, "--label=non");

        assertThat(run.code()).as(run.text()).isZero();
        assertThat(run.text()).contains("score for non").contains("in the lungs");
        RasterImage overlay = ImageDecoder.decode(folder.resolve("000-cam.png"));
        assertThat(overlay.sample(21, 1, 0)).isEqualTo(0x30);
        assertThat(overlay.sample(21, 1, 2)).isEqualTo(0xF0);
    }

    @Test
    void explainsAnotherLayerWhenAsked() {
        ConsoleRun run = run(classifier, image, folder, "--method=GRAD_CAM", "--layer=conv");

        assertThat(run.code()).as(run.text()).isZero();
        assertThat(run.text()).contains("Grad-CAM at conv");
    }

    @Test
    void tellsUserErrorsInOneLine() throws IOException {
        assertUserError("label 'flu' does not exist", "--label=flu");
        assertUserError("layer 'fire99' does not exist", "--method=GRAD_CAM", "--layer=fire99");
        assertUserError("window of 500 pixels", "--method=OCCLUSION", "--window=500");
        assertUserError("opacity 7.0", "--opacity=7");
        Files.writeString(folder.resolve("000-cam.png"), "precious");
        assertUserError("000-cam.png: exists", "--method=CAM");
        assertThat(folder.resolve("000-cam.png")).hasContent("precious");
        assertThat(run(classifier, image, folder, "--method=CAM", "--replace").code()).isZero();
    }

    private void assertUserError(String message, Object... options) {
        ConsoleRun run =
                run(
                        Stream.concat(Stream.of(classifier, image, folder), Stream.of(options))
                                .toArray());

        assertThat(run.code()).as(run.text()).isEqualTo(1);
        assertThat(run.text()).contains("error: ").contains(message).doesNotContain("\tat ");
    }
}
