package org.deepcovid.benchmarks;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** Folders of radiographs to be scored. */
final class ImageFolder {

    /** Standard deviation of the added noise: large radiographs are grainy, their files big. */
    private static final double GRAIN = 3;

    private ImageFolder() {}

    /** All JPEG, PNG and DICOM files below a folder, in order. */
    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> found =
                    files.filter(file -> file.toString().matches(".*\\.(jpg|jpeg|png|dcm)"))
                            .sorted()
                            .toList();
            if (found.isEmpty()) {
                throw new IllegalArgumentException(
                        folder.toAbsolutePath()
                                + " holds no .jpg, .png or .dcm files; name another");
            }
            return found;
        }
    }

    /**
     * Files of the size that radiographs are published in, made of smaller ones: the short side is
     * enlarged, and grain added.
     *
     * @return the folder, filled at the first call
     */
    static Path enlarged(List<Path> files, int shortSide, String ending, Path work)
            throws IOException {
        Path folder = work.resolve(shortSide + "-" + ending);
        if (Files.isDirectory(folder)) {
            return folder;
        }
        Path partial = Files.createTempDirectory(Files.createDirectories(work), "enlarging");
        Random random = new Random(1);
        for (int i = 0; i < files.size(); i++) {
            BufferedImage image = enlarge(ImageIO.read(files.get(i).toFile()), shortSide);
            addGrain(image, random);
            ImageIO.write(image, ending, partial.resolve(i + "." + ending).toFile());
        }
        return Files.move(partial, folder);
    }

    private static BufferedImage enlarge(BufferedImage image, int shortSide) {
        double factor = (double) shortSide / Math.min(image.getWidth(), image.getHeight());
        int width = (int) Math.round(image.getWidth() * factor);
        int height = (int) Math.round(image.getHeight() * factor);
        BufferedImage large = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D graphics = large.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.drawImage(image, 0, 0, width, height, null);
        graphics.dispose();
        return large;
    }

    private static void addGrain(BufferedImage image, Random random) {
        int[] row = new int[image.getWidth()];
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRaster().getSamples(0, y, row.length, 1, 0, row);
            for (int x = 0; x < row.length; x++) {
                double grainy = row[x] + GRAIN * random.nextGaussian();
                row[x] = (int) Math.max(0, Math.min(255, Math.rint(grainy)));
            }
            image.getRaster().setSamples(0, y, row.length, 1, 0, row);
        }
    }
}
