package org.deepcovid.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepcovid.core.data.TextDataset.problems;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that are equal in bytes or in decoded pixels; PNG and BMP store the same pixels. */
class EqualImagesTest {

    @TempDir private Path root;

    private XrayDataset data(String... folders) {
        TinyTree tree = new TinyTree(root);
        for (String folder : folders) {
            for (int i = 0; i < 6; i++) {
                tree.images("%s/%d.png".formatted(folder, i));
            }
        }
        return XrayDataset.read(root);
    }

    private static DatasetSplit split(XrayDataset dataset, long seed) {
        return PatientSplitter.seeded(seed).split(dataset);
    }

    @Test
    void equalPixelsOfOneLabelStayTogetherAndAreListed() {
        new TinyTree(root).image("covid/a.png", 1).image("covid/b.bmp", 1);
        XrayDataset dataset = data("covid", "non").verify();
        for (long seed = 0; seed < 20; seed++) {
            List<List<LabelledImage>> equal = split(dataset, seed).equalImages();

            assertThat(equal).hasSize(1);
            assertThat(equal.get(0))
                    .extracting(LabelledImage::id)
                    .containsExactly("covid/a.png", "covid/b.bmp");
        }
    }

    @Test
    void equalPixelsWithTwoLabelsOrInTwoPartsAreRefused() {
        new TinyTree(root)
                .image("train/covid/a.png", 1)
                .image("test/covid/a.bmp", 1)
                .image("train/covid/b.png", 2)
                .image("train/non/b.bmp", 2);
        XrayDataset dataset = data("train/covid", "train/non", "test/covid", "test/non");

        assertThat(split(dataset, 1).equalImages()).as("by their bytes").isEmpty();
        dataset.verify();
        assertThat(problems(() -> split(dataset, 1)))
                .containsExactly(
                        "equal images are in train (train/covid/a.png) and test (test/covid/a.bmp)",
                        "equal images have the labels covid (train/covid/b.png) and non"
                                + " (train/non/b.bmp)");
    }

    @Test
    void equalFilesWithTwoLabelsAreRefusedWithoutDecoding() throws IOException {
        data("covid", "non");
        Files.copy(root.resolve("covid/0.png"), root.resolve("non/x.png"));

        assertThat(problems(() -> split(XrayDataset.read(root), 1)))
                .containsExactly(
                        "equal images have the labels covid (covid/0.png) and non (non/x.png)");
    }

    @Test
    void fittingDataIsCheckedOnceItsImagesAreDecoded() {
        new TinyTree(root).image("train/covid/a.png", 1).image("val/covid/a.bmp", 1);
        FittingData data =
                split(data("train/covid", "train/non", "val/covid", "val/non"), 1).fitting();

        assertThat(problems(() -> data.requireSeparatePictures(NearCopies.Policy.REFUSE)))
                .isEqualTo(
                        List.of(
                                "equal images are in train (train/covid/a.png) and val"
                                        + " (val/covid/a.bmp)"));
    }
}
