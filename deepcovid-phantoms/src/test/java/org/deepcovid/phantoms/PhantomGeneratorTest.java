package org.deepcovid.phantoms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.image.PixelMask;
import org.deepcovid.core.image.RasterImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PhantomGeneratorTest {

    private static final PhantomGenerator GENERATOR =
            PhantomGenerator.seeded(11).withSize(200, 200);
    private static final int PER_CLASS = 200; // standard error of an area under the curve: 0.029
    private static final List<Phantom> COVID = sample(0, number -> Disease.COVID);
    private static final List<Phantom> NON =
            sample(PER_CLASS, number -> number % 2 == 0 ? Disease.NORMAL : Disease.PNEUMONIA);

    private static int areaOfHalf(PixelMask mask, boolean left) {
        return mask.and(
                        PixelMask.of(
                                mask.width(),
                                mask.height(),
                                (x, y) -> x < mask.width() / 2 == left))
                .area();
    }

    @ParameterizedTest
    @EnumSource(Disease.class)
    void keepsEveryOpacityWithinTheLungs(Disease disease) {
        for (int number = 0; number < 40; number++) {
            Phantom phantom = GENERATOR.generate(disease, number);

            assertThat(phantom.opacities().and(phantom.lungs())).isEqualTo(phantom.opacities());
            assertThat(phantom.opacities().area() == 0).isEqualTo(disease == Disease.NORMAL);
            assertThat(phantom.label().equals(Label.COVID)).isEqualTo(disease == Disease.COVID);
        }
    }

    @Test
    void placesCovidOpacitiesOnBothSidesNearTheRim() {
        for (int number = 0; number < 60; number++) {
            Phantom phantom = GENERATOR.generate(Disease.COVID, number);

            assertThat(areaOfHalf(phantom.opacities(), true)).as("%d", number).isPositive();
            assertThat(areaOfHalf(phantom.opacities(), false)).as("%d", number).isPositive();
            assertThat(meanDistanceFromMidline(phantom.opacities()))
                    .isGreaterThan(meanDistanceFromMidline(phantom.lungs()));
        }
    }

    private static double meanDistanceFromMidline(PixelMask mask) {
        double sum = 0;
        for (int y = 0; y < mask.height(); y++) {
            for (int x = 0; x < mask.width(); x++) {
                sum += mask.contains(x, y) ? Math.abs(x - mask.width() / 2.0) : 0;
            }
        }
        return sum / mask.area();
    }

    @Test
    void placesAConsolidationOnOneSide() {
        for (int number = 0; number < 60; number++) {
            PixelMask mask = GENERATOR.generate(Disease.PNEUMONIA, number).opacities();

            assertThat(Math.min(areaOfHalf(mask, true), areaOfHalf(mask, false))).isZero();
        }
    }

    @Test
    void brightensTheOpacitiesAndNothingElse() {
        for (int number = 0; number < 20; number++) {
            Phantom clear = GENERATOR.generate(Disease.NORMAL, number);
            Phantom ill = GENERATOR.generate(Disease.COVID, number);
            PixelMask near = grown(clear.lungs(), 8);

            assertThat(gain(number)).isGreaterThan(4);
            for (int i = 0; i < 200 * 200; i++) {
                if (!near.contains(i % 200, i / 200)) {
                    assertThat(ill.image().sample(i % 200, i / 200, 0))
                            .isEqualTo(clear.image().sample(i % 200, i / 200, 0));
                }
            }
        }
    }

    private static PixelMask grown(PixelMask mask, int by) {
        return PixelMask.of(mask.width(), mask.height(), (x, y) -> near(mask, x, y, by));
    }

    private static boolean near(PixelMask mask, int x, int y, int by) {
        return IntStream.range(0, (2 * by + 1) * (2 * by + 1))
                .anyMatch(i -> mask.contains(x - by + i % (2 * by + 1), y - by + i / (2 * by + 1)));
    }

    /** How much brighter the opacities of a number are than the same patient's clear lungs. */
    private static double gain(int number) {
        Phantom ill = GENERATOR.generate(Disease.COVID, number);
        RasterImage clear = GENERATOR.generate(Disease.NORMAL, number).image();
        return mean(ill.image(), ill.opacities()) - mean(clear, ill.opacities());
    }

    private static double mean(RasterImage image, PixelMask mask) {
        double sum = 0;
        for (int y = 0; y < mask.height(); y++) {
            for (int x = 0; x < mask.width(); x++) {
                sum += mask.contains(x, y) ? image.sample(x, y, 0) : 0;
            }
        }
        return sum / mask.area();
    }

    @Test
    void drawsLungsThatAreDarkerThanTheBodyBetweenThem() {
        for (int number = 0; number < 20; number++) {
            Phantom phantom = GENERATOR.generate(Disease.NORMAL, number);
            PixelMask spine = PixelMask.of(200, 200, (x, y) -> x > 95 && x < 105 && y > 100);

            assertThat(mean(phantom.image(), phantom.lungs()))
                    .isLessThan(mean(phantom.image(), spine) - 40);
            assertThat(phantom.lungs().area() / 40000.0).isBetween(0.12, 0.5);
        }
    }

    @Test
    void givesTheSamePhantomForTheSameSeedAndAnotherForAnother() {
        Phantom first = GENERATOR.generate(Disease.COVID, 3);

        assertThat(PhantomGenerator.seeded(11).withSize(200, 200).generate(Disease.COVID, 3))
                .isEqualTo(first);
        assertThat(GENERATOR.generate(Disease.COVID, 4).image()).isNotEqualTo(first.image());
        PhantomGenerator other = PhantomGenerator.seeded(12).withSize(200, 200);
        assertThat(other.generate(Disease.COVID, 3).image()).isNotEqualTo(first.image());
    }

    @Test
    void acquisitionDoesNotDependOnTheFinding() {
        for (int number = 0; number < 50; number++) {
            Phantom.Acquisition acquisition =
                    GENERATOR.generate(Disease.NORMAL, number).acquisition();

            assertThat(GENERATOR.generate(Disease.COVID, number).acquisition())
                    .isEqualTo(acquisition);
            assertThat(GENERATOR.generate(Disease.PNEUMONIA, number).acquisition())
                    .isEqualTo(acquisition);
        }
    }

    @Test
    void noAcquisitionParameterSeparatesTheClasses() {
        PixelMask border = PixelMask.of(128, 128, (x, y) -> y < 13 || x < 6 || x >= 122);
        List<ToDoubleFunction<Phantom>> features =
                List.of(
                        p -> p.acquisition().exposure(),
                        p -> p.acquisition().contrast(),
                        p -> p.acquisition().gamma(),
                        p -> p.acquisition().noise(),
                        p -> p.acquisition().blur(),
                        p -> p.acquisition().rotationDegrees(),
                        p -> p.acquisition().scale(),
                        p -> p.acquisition().marker() == Phantom.Acquisition.Marker.LEFT ? 1 : 0,
                        p -> p.acquisition().marker() == Phantom.Acquisition.Marker.RIGHT ? 1 : 0,
                        p -> p.acquisition().electrodes(),
                        p -> p.acquisition().catheter() ? 1 : 0,
                        p -> p.acquisition().collimated() ? 1 : 0,
                        p -> mean(p.image(), border));
        assertThat(features).allSatisfy(f -> assertThat(areaUnderCurve(f)).isBetween(0.42, 0.58));
    }

    private static double areaUnderCurve(ToDoubleFunction<Phantom> feature) {
        double[] covid = COVID.stream().mapToDouble(feature).toArray();
        double[] non = NON.stream().mapToDouble(feature).toArray();
        double wins = 0;
        for (double positive : covid) {
            for (double negative : non) {
                wins += positive > negative ? 1 : positive == negative ? 0.5 : 0;
            }
        }
        return wins / (covid.length * non.length);
    }

    private static List<Phantom> sample(int first, IntFunction<Disease> disease) {
        PhantomGenerator generator = PhantomGenerator.seeded(2).withSize(128, 128);
        return IntStream.range(first, first + PER_CLASS)
                .mapToObj(number -> generator.generate(disease.apply(number), number))
                .toList();
    }

    @Test
    void variesTheContrastOfTheOpacities() {
        double[] gains = IntStream.range(0, 60).mapToDouble(n -> gain(n)).sorted().toArray();

        assertThat(gains[54]).as("strong").isGreaterThan(2 * gains[5]);
    }

    @Test
    void contrastChangesTheOpacitiesOnly() {
        PhantomGenerator dense = GENERATOR.withContrast(3);

        Phantom plain = GENERATOR.generate(Disease.PNEUMONIA, 1);
        Phantom denser = dense.generate(Disease.PNEUMONIA, 1);
        assertThat(denser.opacities()).isEqualTo(plain.opacities());
        assertThat(mean(denser.image(), plain.opacities()))
                .isGreaterThan(mean(plain.image(), plain.opacities()) + 8);
        assertThat(dense.generate(Disease.NORMAL, 1).image())
                .isEqualTo(GENERATOR.generate(Disease.NORMAL, 1).image());
        assertThatThrownBy(() -> GENERATOR.withContrast(0))
                .hasMessage("contrast is 0.0; expected more than 0");
    }

    @Test
    void burnsTheNoticeIntoEveryPictureAtTheSamePlace() {
        RasterImage normal = GENERATOR.generate(Disease.NORMAL, 1).image();
        RasterImage covid = GENERATOR.generate(Disease.COVID, 2).image();

        for (int y = 189; y < 200; y++) {
            for (int x = 0; x < 100; x++) {
                assertThat(covid.sample(x, y, 0)).isEqualTo(normal.sample(x, y, 0)).isIn(0, 120);
            }
        }
        assertThat(normal.sample(3, 193, 0)).as("top left of S is blank").isZero();
        assertThat(normal.sample(4, 190, 0)).as("top of S").isEqualTo(120);
    }

    @Test
    void drawsInOtherShapesAndSizes() {
        Phantom wide = PhantomGenerator.seeded(1).withSize(300, 180).generate(Disease.COVID, 1);

        assertThat(wide.image().width()).isEqualTo(300);
        assertThat(wide.image().height()).isEqualTo(180);
        assertThat(wide.opacities().height()).isEqualTo(180);
        assertThat(PhantomGenerator.seeded(1).generate(Disease.NORMAL, 1).image().width())
                .isEqualTo(320);
        assertThatThrownBy(() -> PhantomGenerator.seeded(1).withSize(300, 100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("300 x 100");
    }
}
