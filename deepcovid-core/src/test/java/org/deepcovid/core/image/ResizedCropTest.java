package org.deepcovid.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepcovid.testing.Failures.assertRejects;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ResizedCropTest {

    private static final Preprocessing TO_16 = new Preprocessing(16, Normalization.TORCH);

    /** Brightness rises to the right, so that a sample identifies its column. */
    private static RasterImage ramp(int width, int height) {
        return TestImages.grey(width, height, (x, y) -> x * 255 / (width - 1));
    }

    @Test
    void areaAspectAndPositionStayWithinTheirRanges() {
        ResizedCrop crop = ResizedCrop.torchvision();
        SplittableRandom random = new SplittableRandom(1);
        double smallest = 1;
        double largest = 0;
        double widest = 0;
        for (int i = 0; i < 2000; i++) {
            ImagePart box = crop.choose(300, 200, random);
            double share = box.width() * box.height() / 60_000.0;
            double aspect = box.width() / (double) box.height();
            assertThat(share).isBetween(0.078, 1.0);
            assertThat(aspect).isBetween(0.74, 1.35);
            assertThat(box.left()).isBetween(0, 300 - box.width());
            assertThat(box.top()).isBetween(0, 200 - box.height());
            smallest = Math.min(smallest, share);
            largest = Math.max(largest, share);
            widest = Math.max(widest, aspect);
        }
        assertThat(smallest).isLessThan(0.1);
        assertThat(largest).isGreaterThan(0.8);
        assertThat(widest).isGreaterThan(1.3);
    }

    @Test
    void imageTooNarrowForAnyDrawGivesItsCentre() {
        ResizedCrop whole = new ResizedCrop(1, 1, 1);

        assertThat(whole.choose(100, 40, new SplittableRandom(1)))
                .isEqualTo(new ImagePart(30, 0, 40, 40));
        assertThat(ResizedCrop.torchvision().choose(1000, 1, new SplittableRandom(1)).height())
                .isEqualTo(1);
    }

    @Test
    void wholeSquareIsAnOrdinaryResize() {
        RasterImage image = ramp(40, 40);

        assertThat(new ResizedCrop(1, 1, 1).apply(image, TO_16, 3))
                .isEqualTo(TO_16.resizeAndCrop(image));
    }

    @Test
    void partsComeFromTheWholeImageNotOnlyItsCentralSquare() {
        RasterImage image = ramp(120, 30);
        Augmentation parts = Augmentation.none().withCrop(new ResizedCrop(0.05, 0.1, 1));
        int darkest = 255;
        int brightest = 0;
        for (long seed = 0; seed < 200; seed++) {
            RasterImage part = parts.apply(image, TO_16, seed);
            assertThat(part.width()).isEqualTo(16);
            assertThat(part.height()).isEqualTo(16);
            darkest = Math.min(darkest, part.sample(0, 0, 0));
            brightest = Math.max(brightest, part.sample(15, 0, 0));
        }
        assertThat(darkest).isLessThan(20); // the central square begins at 96
        assertThat(brightest).isGreaterThan(235);
    }

    @Test
    void sameSeedGivesTheSamePartAndAnotherSeedAnother() {
        RasterImage image = ramp(120, 90);
        Augmentation parts = Augmentation.none().withCrop(ResizedCrop.torchvision());
        Set<RasterImage> found = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            found.add(parts.apply(image, TO_16, i % 10));
        }
        assertThat(found).hasSize(10);
    }

    @Test
    void withoutACropTheCentralSquareIsChangedAsBefore() {
        RasterImage image = ramp(50, 40);
        RasterImage square = TO_16.resizeAndCrop(image);

        assertThat(Augmentation.defaults().apply(image, TO_16, 5))
                .isEqualTo(Augmentation.defaults().apply(square, 5));
    }

    @Test
    void rejectsImpossibleRanges() {
        assertRejects(() -> new ResizedCrop(0, 1, 1), "area is 0.0 to 1.0; expected");
        assertRejects(() -> new ResizedCrop(0.5, 0.4, 1));
        assertRejects(() -> new ResizedCrop(0.5, 1, 0.9), "maxAspect is 0.9; expected");
    }
}
