package org.deepcovid.testing;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;

/**
 * Draws small grey pictures that resemble chest radiographs: a bright body, two dark lungs and, for
 * the covid class, bright patches at the lungs' outer rims. The same seed draws the same pictures.
 */
public final class SyntheticRadiographs {

    /** Width of every picture. */
    public static final int WIDTH = 96;

    /** Height of every picture. */
    public static final int HEIGHT = 80;

    private SyntheticRadiographs() {}

    /**
     * Writes {@code train|val|test/{covid,non}/NNN.png}.
     *
     * @param root folder to write to, made if absent
     * @param train pictures of each class in train; likewise the following; 0 leaves the part out
     * @return the root
     */
    public static Path writeParts(Path root, int train, int val, int test, long seed) {
        List<String> names = List.of("train", "val", "test");
        List<Integer> counts = List.of(train, val, test);
        for (int i = 0; i < names.size(); i++) {
            if (counts.get(i) > 0) {
                writeClasses(root.resolve(names.get(i)), counts.get(i), seed * 31 + i);
            }
        }
        return root;
    }

    /**
     * Writes {@code {covid,non}/NNN.png}.
     *
     * @param perClass pictures of each class
     * @return the root
     */
    public static Path writeClasses(Path root, int perClass, long seed) {
        for (Label label : LabelSet.COVID.labels()) {
            for (int i = 0; i < perClass; i++) {
                Path file = root.resolve(label.name()).resolve("%03d.png".formatted(i));
                write(file, draw(label, seed * 10_007 + i));
            }
        }
        return root;
    }

    /** Writes a PNG file, and its folder if absent. */
    public static void write(Path file, BufferedImage image) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            if (!ImageIO.write(image, "png", file.toFile())) {
                throw new IllegalStateException("no PNG writer");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another patient's image in a BMP file, with equal pixels in another file format. */
    public static LabelledImage copy(LabelledImage image, Path bmp) {
        try {
            ImageIO.write(ImageIO.read(image.file().toFile()), "bmp", bmp.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new LabelledImage(
                "copy of " + image.id(), bmp, image.label(), "copy", Optional.empty(), Map.of());
    }

    /** One picture, 8-bit grey. */
    public static BufferedImage draw(Label label, long seed) {
        SplittableRandom random =
                new SplittableRandom(seed * 2 + (label.equals(Label.COVID) ? 1 : 0));
        double shift = random.nextDouble(-3, 3);
        double patchHeight = random.nextDouble(0.35, 0.65);
        int level = random.nextInt(-12, 13);
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
        WritableRaster raster = image.getRaster();
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                double value = 150 + level + random.nextDouble(-14, 14);
                value -= 95 * lung(x - shift, y, 0.30) + 95 * lung(x - shift, y, 0.70);
                if (label.equals(Label.COVID)) {
                    value += 110 * patch(x - shift, y, 0.19, patchHeight);
                    value += 110 * patch(x - shift, y, 0.81, patchHeight);
                }
                raster.setSample(x, y, 0, (int) Math.max(0, Math.min(255, value)));
            }
        }
        return image;
    }

    private static double lung(double x, double y, double centre) {
        return bump((x / WIDTH - centre) / 0.17, (y / HEIGHT - 0.5) / 0.38);
    }

    private static double patch(double x, double y, double centre, double height) {
        return bump((x / WIDTH - centre) / 0.10, (y / HEIGHT - height) / 0.16);
    }

    /** 1 inside the unit circle, falling to 0 just outside. */
    private static double bump(double x, double y) {
        return Math.max(0, Math.min(1, 3 * (1.15 - Math.hypot(x, y))));
    }
}
