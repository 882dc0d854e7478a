package org.deepcovid.eval.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.PatientSplitter;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.image.Radiograph;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.testing.SyntheticRadiographs;
import org.deepcovid.testing.TinyBackbone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandardizedHeatmapTest {

    private static final int SIDE = 96;
    private static final int LEFT = 60;
    private static final int TOP = 20;
    private static final int BRIGHT = 16;

    /** A bright square on a pattern without uniform lines, at a distance from the border. */
    private static RasterImage image(int border) {
        int width = SIDE + 2 * border;
        byte[] samples = new byte[width * width];
        for (int i = 0; i < samples.length; i++) {
            int x = i % width - border;
            int y = i / width - border;
            boolean outside = x < 0 || x >= SIDE || y < 0 || y >= SIDE;
            boolean bright = x >= LEFT && x < LEFT + BRIGHT && y >= TOP && y < TOP + BRIGHT;
            int pattern = 40 + x / 2 + y / 3 + 50 * ((x / 8 + y / 8) & 1);
            samples[i] = (byte) (outside ? 0 : bright ? 255 : pattern);
        }
        return RasterImage.of(width, width, 1, samples);
    }

    /** The map of the trimmed image lies where the untrimmed one has the bright square. */
    @Test
    void mapsArePlacedOnTheOriginalImage(@TempDir Path folder) {
        Path data = SyntheticRadiographs.writeParts(folder.resolve("data"), 8, 4, 0, 1);
        int border = 12;
        try (FineTuned run =
                CovidClassifier.fineTune(
                        TinyBackbone.random(1),
                        PatientSplitter.seeded(1).split(XrayDataset.read(data)).fitting(),
                        FineTuneConfig.robust().withEpochs(2))) {
            Heatmap plain = map(run, image(0));
            Heatmap framed = map(run, image(border));

            assertThat(framed.raw().values()).isEqualTo(plain.raw().values());
            assertThat(framed.hottest().x()).isEqualTo(plain.hottest().x() + border);
            assertThat(framed.hottest().y()).isEqualTo(plain.hottest().y() + border);
            double cell = framed.placement().cropX(border + LEFT + BRIGHT / 2.0);
            assertThat(framed.placement().imageX(cell))
                    .isCloseTo(border + LEFT + BRIGHT / 2.0, within(1e-9));
            assertThat(cell).isCloseTo(plain.placement().cropX(LEFT + BRIGHT / 2.0), within(1e-9));
            assertThat(framed.placement().covers(border / 2, border / 2)).isFalse();
            assertThat(framed.placement().covers(border, border)).isTrue();
        }
    }

    private static Heatmap map(FineTuned run, RasterImage image) {
        return Heatmap.of(run.classifier(), Radiograph.of(image), HeatmapMethod.cam());
    }
}
