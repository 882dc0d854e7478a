package org.deepcovid.benchmarks.heatmaps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.testing.TinyBackbone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DrawPicturesTest {

    private static final Path PAGES = Path.of("..", "docs");

    @TempDir Path folder;

    @Test
    void drawsThePicturesThatThePagesShowAndNoOthers() throws IOException {
        DrawPictures draw = new DrawPictures(() -> TinyBackbone.random(1));
        assertThat(new CommandLine(draw).execute(folder.toString(), "--images", "4")).isZero();

        assertThat(names(folder))
                .containsExactly("heatmaps.png", "phantoms.png", "roc.svg")
                .isEqualTo(names(PAGES.resolve("images")));
        RasterImage phantoms = ImageDecoder.decode(folder.resolve("phantoms.png"));
        assertThat(phantoms.width()).isEqualTo(840);
        assertThat(folder.resolve("roc.svg")).content().contains("<svg", "ROC curve");
        for (String name : names(folder)) {
            assertThat(PAGES.resolve("images").resolve(name).toFile()).size().isLessThan(400_000);
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
