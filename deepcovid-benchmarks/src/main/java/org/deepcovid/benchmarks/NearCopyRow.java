package org.deepcovid.benchmarks;

import java.awt.AlphaComposite;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.RescaleOp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.NearCopies;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.image.Radiograph;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.image.Thumbnail;

/** How many altered copies of radiographs are found, how many pairs of other images, how fast. */
final class NearCopyRow {

    private static final String ROW = "near-copies";
    private static final Map<String, BiFunction<BufferedImage, SplittableRandom, BufferedImage>>
            CHANGES = changes();

    private NearCopyRow() {}

    private static Map<String, BiFunction<BufferedImage, SplittableRandom, BufferedImage>>
            changes() {
        Map<String, BiFunction<BufferedImage, SplittableRandom, BufferedImage>> changes =
                new LinkedHashMap<>();
        changes.put("JPEG of quality 30", (image, random) -> jpeg(image, 0.3f));
        changes.put("half the size", (image, random) -> resized(image, 0.5));
        changes.put("twice the size", (image, random) -> resized(image, 2));
        changes.put("cropped up to 5 % of each side", (image, random) -> crop(image, 0.05, random));
        changes.put("cropped up to 10 % of each side", (image, random) -> crop(image, 0.1, random));
        changes.put("brighter by 15 %", (image, random) -> tone(image, 1, 38));
        changes.put("darker by 15 %", (image, random) -> tone(image, 1, -38));
        changes.put("less contrast", (image, random) -> tone(image, 0.75f, 20));
        changes.put(
                "all of these",
                (image, random) ->
                        jpeg(tone(crop(resized(image, 0.6), 0.05, random), 0.9f, 20), 0.5f));
        return changes;
    }

    static List<Figure> measure(RowOptions options) {
        List<LabelledImage> images = XrayDataset.read(options.data()).images();
        List<Thumbnail> originals =
                images.parallelStream().map(image -> thumbnail(image.radiograph())).toList();
        List<Figure> figures = new ArrayList<>();
        List<NearCopies.Pair> pairs = NearCopies.among(originals);
        for (NearCopies.Pair pair : pairs) {
            System.out.printf(
                    "pair: %s, %s%n",
                    images.get(pair.first()).id(), images.get(pair.second()).id());
        }
        String all = images.size() + " images";
        figures.add(new Figure(ROW, all, "pairs of originals", pairs.size(), "pairs"));
        CHANGES.forEach(
                (name, change) -> {
                    double recall = recall(images, originals, change);
                    figures.add(new Figure(ROW, all, name, recall, "recall"));
                });
        for (int count : options.counts(10_000, 100_000)) {
            List<Thumbnail> many = mixtures(images, count);
            long start = System.nanoTime();
            NearCopies.among(many);
            double seconds = (System.nanoTime() - start) / 1e9;
            figures.add(new Figure(ROW, count + " mixtures", "search", seconds, "s"));
        }
        return figures;
    }

    /** Copies are looked for among all originals and all copies. */
    private static double recall(
            List<LabelledImage> images,
            List<Thumbnail> originals,
            BiFunction<BufferedImage, SplittableRandom, BufferedImage> change) {
        List<Thumbnail> all = new ArrayList<>(originals);
        all.addAll(
                images.parallelStream()
                        .map(
                                image -> {
                                    SplittableRandom random =
                                            new SplittableRandom(image.id().hashCode());
                                    BufferedImage picture = picture(image.radiograph().decode());
                                    return thumbnail(Radiograph.of(change.apply(picture, random)));
                                })
                        .toList());
        int count = originals.size();
        long found =
                NearCopies.among(all).stream()
                        .filter(pair -> pair.second() == pair.first() + count)
                        .count();
        return (double) found / count;
    }

    private static Thumbnail thumbnail(Radiograph radiograph) {
        return Thumbnail.of(radiograph.decode());
    }

    /** Distinct images with the statistics of radiographs: pairs of them laid over each other. */
    private static List<Thumbnail> mixtures(List<LabelledImage> images, int count) {
        List<BufferedImage> small =
                images.stream()
                        .limit(400)
                        .map(image -> picture(image.radiograph().decode()))
                        .map(picture -> scaled(picture, 96, 96))
                        .toList();
        SplittableRandom random = new SplittableRandom(1);
        List<Thumbnail> mixtures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            BufferedImage a = small.get(random.nextInt(small.size()));
            BufferedImage b = small.get(random.nextInt(small.size()));
            BufferedImage mixture = scaled(crop(a, 0.2, random), 96, 96);
            Graphics2D graphics = mixture.createGraphics();
            float share = (float) random.nextDouble(0.2, 0.5);
            graphics.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, share));
            graphics.drawImage(crop(b, 0.2, random), 0, 0, 96, 96, null);
            graphics.dispose();
            mixtures.add(Thumbnail.of(Radiograph.of(mixture).decode()));
        }
        return mixtures;
    }

    private static BufferedImage picture(RasterImage pixels) {
        BufferedImage picture =
                new BufferedImage(pixels.width(), pixels.height(), BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < pixels.height(); y++) {
            for (int x = 0; x < pixels.width(); x++) {
                picture.getRaster().setSample(x, y, 0, pixels.sample(x, y, 0));
            }
        }
        return picture;
    }

    private static BufferedImage jpeg(BufferedImage image, float quality) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes);
            writer.setOutput(out);
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality(quality);
            writer.write(null, new IIOImage(image, null, null), parameters);
            out.close();
            return picture(Radiograph.of(bytes.toByteArray()).decode());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
    }

    private static BufferedImage resized(BufferedImage image, double factor) {
        return scaled(image, (int) (image.getWidth() * factor), (int) (image.getHeight() * factor));
    }

    private static BufferedImage scaled(BufferedImage image, int width, int height) {
        BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D graphics = scaled.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(image, 0, 0, width, height, null);
        graphics.dispose();
        return scaled;
    }

    private static BufferedImage crop(BufferedImage image, double most, SplittableRandom random) {
        int left = (int) (image.getWidth() * most * random.nextDouble());
        int top = (int) (image.getHeight() * most * random.nextDouble());
        int right = (int) (image.getWidth() * most * random.nextDouble());
        int bottom = (int) (image.getHeight() * most * random.nextDouble());
        BufferedImage part =
                image.getSubimage(
                        left,
                        top,
                        image.getWidth() - left - right,
                        image.getHeight() - top - bottom);
        return scaled(part, part.getWidth(), part.getHeight());
    }

    private static BufferedImage tone(BufferedImage image, float contrast, float brightness) {
        return new RescaleOp(contrast, brightness, null).filter(image, null);
    }
}
