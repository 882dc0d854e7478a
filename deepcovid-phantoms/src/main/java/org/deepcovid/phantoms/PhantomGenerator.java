package org.deepcovid.phantoms;

import static java.util.Objects.requireNonNull;

import org.deepcovid.core.image.PixelMask;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.phantoms.Phantom.Acquisition;

/**
 * Draws synthetic frontal chest radiographs with known disease, lung fields and opacities, to test
 * classifiers and heatmaps. They do not model a real disease.
 *
 * <p>Patient and acquisition depend on the seed and the number, not on the disease: phantoms of
 * equal number differ in the lungs only. The same seed, number, disease and size give the same
 * pixels on every machine.
 *
 * <p>Instances are immutable and safe to share.
 */
public final class PhantomGenerator {

    private static final int DEFAULT_SIZE = 320;
    private static final int SMALLEST = 128;

    private final long seed;
    private final int width;
    private final int height;
    private final double contrast;

    private PhantomGenerator(long seed, int width, int height, double contrast) {
        this.seed = seed;
        this.width = width;
        this.height = height;
        this.contrast = contrast;
    }

    /** A generator of images of 320 x 320 pixels. */
    public static PhantomGenerator seeded(long seed) {
        return new PhantomGenerator(seed, DEFAULT_SIZE, DEFAULT_SIZE, 1);
    }

    /**
     * A copy for another size. The thorax fits into the shorter side.
     *
     * @param newWidth in pixels, at least 128
     * @param newHeight in pixels, at least 128
     * @throws IllegalArgumentException if a size is below 128
     */
    public PhantomGenerator withSize(int newWidth, int newHeight) {
        if (newWidth < SMALLEST || newHeight < SMALLEST) {
            throw new IllegalArgumentException(
                    "phantoms of %d x %d pixels; expected at least %d each way"
                            .formatted(newWidth, newHeight, SMALLEST));
        }
        return new PhantomGenerator(seed, newWidth, newHeight, contrast);
    }

    /**
     * A copy with denser opacities, whose findings are easier to distinguish.
     *
     * @param factor of the density, more than 0; 1 as drawn otherwise, above 3 most are white
     * @throws IllegalArgumentException if it is not positive
     */
    public PhantomGenerator withContrast(double factor) {
        if (!(factor > 0 && factor < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "contrast is %s; expected more than 0".formatted(factor));
        }
        return new PhantomGenerator(seed, width, height, factor);
    }

    /** Draws the phantom of a patient, identified by any number. */
    public Phantom generate(Disease disease, long number) {
        requireNonNull(disease, "disease is null");
        Acquisition acquisition = Acquisition.draw(new Dice(seed, number, "acquisition"));
        Anatomy anatomy = new Anatomy(new Dice(seed, number, "anatomy"));
        Canvas canvas = new Canvas(acquisition, width, height);
        paintTissue(canvas, anatomy, number);
        PixelMask lungs =
                PixelMask.of(
                        width,
                        height,
                        (x, y) -> anatomy.lungDepth(canvas.u(x, y), canvas.v(x, y)) > 0);
        Opacities opacities =
                new Opacities(disease, anatomy, contrast, new Dice(seed, number, "opacities"));
        PixelMask dense = opacities.paint(canvas, lungs);
        new Attachments(canvas).paint(acquisition, new Dice(seed, number, "attachments"));
        canvas.blur(Math.max(1, Math.round(Math.min(width, height) / 400f)), acquisition.blur());
        RasterImage image =
                new FilmDeveloper(acquisition, new Dice(seed, number, "film")).develop(canvas);
        return new Phantom(image, lungs, dense, disease, acquisition);
    }

    private void paintTissue(Canvas canvas, Anatomy anatomy, long number) {
        ThoraxPainter thorax = new ThoraxPainter(anatomy, new Dice(seed, number, "tissue"));
        Dice dice = new Dice(seed, number, "texture");
        SmoothNoise coarse = new SmoothNoise(dice, 0.35);
        SmoothNoise fine = new SmoothNoise(dice, 0.06);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double u = canvas.u(x, y);
                double v = canvas.v(x, y);
                double density = thorax.density(u, v);
                if (density > 0) {
                    double texture =
                            0.035 * coarse.at(u, v)
                                    + 0.02 * fine.at(u, v)
                                    + 0.012 * fine.at(3.1 * v, 3.1 * u);
                    canvas.add(x, y, Math.max(0.02, density + texture));
                }
            }
        }
        new VesselTree(anatomy, canvas, dice.between(0.045, 0.08))
                .paint(new Dice(seed, number, "vessels"));
        new Skeleton(anatomy, canvas).paint(new Dice(seed, number, "skeleton"));
    }
}
