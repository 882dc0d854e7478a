package org.deepcovid.phantoms;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.deepcovid.core.image.PixelMask;
import org.deepcovid.core.image.RasterImage;

/**
 * Draws synthetic frontal chest radiographs of which everything is known: the finding, the lung
 * fields and the exact place of every opacity. They serve to test classifiers and heatmaps; they
 * stand for no disease and no person.
 *
 * <p>Patient and acquisition depend on the seed and the number alone, never on the finding: the
 * phantoms of one number are the same patient with different lungs. The same seed, number, finding
 * and size give the same pixels on every machine.
 *
 * <p>Instances are immutable and safe to share.
 */
public final class PhantomGenerator {

    private static final int DEFAULT_SIZE = 320;
    private static final int SMALLEST = 128;
    private static final double MASKED_FROM = 0.35; // of an opacity's full density

    private final long seed;
    private final int width;
    private final int height;

    private PhantomGenerator(long seed, int width, int height) {
        this.seed = seed;
        this.width = width;
        this.height = height;
    }

    /**
     * A generator of images of 320 x 320 pixels.
     *
     * @param seed of everything drawn
     * @return the generator
     */
    public static PhantomGenerator seeded(long seed) {
        return new PhantomGenerator(seed, DEFAULT_SIZE, DEFAULT_SIZE);
    }

    /**
     * The same generator for another size. The thorax fits into the shorter side.
     *
     * @param newWidth in pixels, at least 128
     * @param newHeight in pixels, at least 128
     * @return the copy
     * @throws IllegalArgumentException if a size is too small to draw a chest in
     */
    public PhantomGenerator withSize(int newWidth, int newHeight) {
        if (newWidth < SMALLEST || newHeight < SMALLEST) {
            throw new IllegalArgumentException(
                    "phantoms of %d x %d pixels; expected at least %d each way"
                            .formatted(newWidth, newHeight, SMALLEST));
        }
        return new PhantomGenerator(seed, newWidth, newHeight);
    }

    /**
     * Draws one phantom.
     *
     * @param finding what its lungs show
     * @param number which patient, any number
     * @return the phantom
     */
    public Phantom generate(Finding finding, long number) {
        requireNonNull(finding, "finding is null");
        Acquisition acquisition = Acquisition.draw(new Dice(seed, number, "acquisition"));
        Anatomy anatomy = new Anatomy(new Dice(seed, number, "anatomy"));
        BodyFrame frame = new BodyFrame(acquisition, width, height);
        Canvas canvas = new Canvas(width, height);
        paintTissue(canvas, frame, anatomy, number);
        PixelMask lungs = PixelMask.of(width, height, (x, y) -> depth(anatomy, frame, x, y) > 0);
        PixelMask opacities = paintOpacities(canvas, frame, anatomy, finding, number, lungs);
        new Attachments(frame, canvas).paint(acquisition, new Dice(seed, number, "attachments"));
        canvas.blur(Math.max(1, Math.round(Math.min(width, height) / 400f)), acquisition.blur());
        RasterImage image =
                new FilmDeveloper(acquisition, new Dice(seed, number, "film")).develop(canvas);
        return new Phantom(image, lungs, opacities, finding, acquisition);
    }

    private static double depth(Anatomy anatomy, BodyFrame frame, int x, int y) {
        return anatomy.lungDepth(frame.u(x, y), frame.v(x, y));
    }

    private void paintTissue(Canvas canvas, BodyFrame frame, Anatomy anatomy, long number) {
        ThoraxPainter thorax = new ThoraxPainter(anatomy, new Dice(seed, number, "tissue"));
        Dice dice = new Dice(seed, number, "texture");
        SmoothNoise coarse = new SmoothNoise(dice, 0.35);
        SmoothNoise fine = new SmoothNoise(dice, 0.06);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double u = frame.u(x, y);
                double v = frame.v(x, y);
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
        new VesselTree(anatomy, frame, canvas, dice.between(0.045, 0.08))
                .paint(new Dice(seed, number, "vessels"));
        new Skeleton(anatomy, frame, canvas).paint(new Dice(seed, number, "skeleton"));
    }

    /** Adds the opacities of a finding; returns where they reach a share of their full density. */
    private PixelMask paintOpacities(
            Canvas canvas,
            BodyFrame frame,
            Anatomy anatomy,
            Finding finding,
            long number,
            PixelMask lungs) {
        Dice dice = new Dice(seed, number, "opacities");
        List<Opacity> opacities = Opacities.of(finding, anatomy, dice);
        SmoothNoise edge = new SmoothNoise(dice, 0.13);
        SmoothNoise net = new SmoothNoise(dice, 0.06);
        return PixelMask.of(
                width,
                height,
                (x, y) ->
                        !opacities.isEmpty()
                                && lungs.contains(x, y)
                                && paint(canvas, frame, anatomy, opacities, edge, net, x, y));
    }

    private static boolean paint(
            Canvas canvas,
            BodyFrame frame,
            Anatomy anatomy,
            List<Opacity> opacities,
            SmoothNoise edge,
            SmoothNoise net,
            int x,
            int y) {
        double u = frame.u(x, y);
        double v = frame.v(x, y);
        double ragged = edge.at(u, v);
        double lines = lines(net, u, v);
        double clear = 1; // overlapping opacities saturate instead of adding up
        boolean inside = false;
        double rim = Anatomy.smoothStep(anatomy.lungDepth(u, v) / 0.05 + 0.3);
        for (Opacity opacity : opacities) {
            double weight = opacity.weight(u, v, ragged);
            inside |= weight >= MASKED_FROM;
            double density = opacity.density() * (1 + opacity.reticulation() * lines);
            clear *= 1 - weight * Math.max(0, density) * rim;
        }
        canvas.add(x, y, 1 - clear);
        return inside;
    }

    /** A net of fine lines: where either of two noises crosses zero; about -1 between them to 1. */
    private static double lines(SmoothNoise net, double u, double v) {
        double one = Math.abs(net.at(0.8 * u + 0.6 * v, 0.8 * v - 0.6 * u));
        double other = Math.abs(net.at(1.5 * u - 0.9 * v + 7, 1.5 * v + 0.9 * u + 3));
        return Math.max(-1, 1 - 2.5 * (one + other));
    }
}
