package org.deepcovid.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deepcovid.core.data.Label;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestingHelpersTest {

    @TempDir Path folder;

    @Test
    void sameSeedWritesSamePictures() throws IOException {
        Path first = SyntheticRadiographs.writeParts(folder.resolve("1"), 2, 1, 1, 5);
        Path second = SyntheticRadiographs.writeParts(folder.resolve("2"), 2, 1, 1, 5);
        Path other = SyntheticRadiographs.writeParts(folder.resolve("3"), 2, 1, 1, 6);

        for (String name : new String[] {"train/covid/001.png", "test/non/000.png"}) {
            assertThat(first.resolve(name)).hasSameBinaryContentAs(second.resolve(name));
            assertThat(Files.mismatch(first.resolve(name), other.resolve(name))).isNotNegative();
        }
    }

    @Test
    void covidPicturesAreBrighterAtTheRim() {
        for (long seed = 0; seed < 30; seed++) {
            assertThat(rim(Label.COVID, seed)).isGreaterThan(rim(Label.NON_COVID, seed) + 20);
        }
    }

    private static double rim(Label label, long seed) {
        var raster = SyntheticRadiographs.draw(label, seed).getRaster();
        double sum = 0;
        for (int y = 32; y < 48; y++) {
            for (int x = 14; x < 23; x++) {
                sum += raster.getSample(x, y, 0) / (16.0 * 9);
            }
        }
        return sum;
    }
}
