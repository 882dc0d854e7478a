package org.deepcovid.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
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

    @Test
    void readsNumpyArray() throws IOException {
        String header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }\n";
        ByteBuffer bytes = ByteBuffer.allocate(10 + header.length() + 48);
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        bytes.put("\u0093NUMPY".getBytes(StandardCharsets.ISO_8859_1)).put((byte) 1).put((byte) 0);
        bytes.putShort((short) header.length());
        bytes.put(header.getBytes(StandardCharsets.ISO_8859_1));
        for (int i = 0; i < 6; i++) {
            bytes.putDouble(i / 2.0);
        }
        Path file = Files.write(folder.resolve("a.npy"), bytes.array());

        Npy array = Npy.read(file);

        assertThat(array.shape()).containsExactly(2, 3);
        assertThat(array.values()).containsExactly(0, 0.5f, 1, 1.5f, 2, 2.5f);
        bytes.put(12, (byte) 'X');
        Files.write(file, bytes.array());
        assertThatThrownBy(() -> Npy.read(file)).isInstanceOf(IOException.class);
    }

    @Test
    void readsSharedNumpyArray() throws IOException {
        Npy logits = Npy.read(SharedData.path("golden/resnet18-logits.npy"));

        assertThat(logits.shape()).containsExactly(5, 1000);
        assertThat(logits.values()).hasSize(5000);
    }
}
