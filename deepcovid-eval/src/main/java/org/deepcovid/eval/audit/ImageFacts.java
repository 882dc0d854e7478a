package org.deepcovid.eval.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.Normalization;
import org.deepcovid.core.image.Preprocessing;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.image.UnreadableImageException;

/**
 * Properties of an image file that do not depend on the disease.
 *
 * @param image the image
 * @param pixels checksum of the decoded pixels
 * @param kind the file's ending, in lower case; empty for an image in memory
 * @param bytes size of the file; 0 for an image in memory
 * @param width in pixels
 * @param height in pixels
 * @param brightness mean sample, 0 to 255
 * @param borderBrightness mean sample of the outer tenth on each side, 0 to 255
 * @param greys of the centre, 74 % of each side: the samples that 0.1, 1, 50, 99 and 99.9 % are at
 *     most, and the number of different samples
 * @param coarse the central square, reduced to 8 x 8 pixels
 * @param remarks on the decoded image
 */
record ImageFacts(
        LabelledImage image,
        String pixels,
        String kind,
        long bytes,
        int width,
        int height,
        double brightness,
        double borderBrightness,
        List<Integer> greys,
        RasterImage coarse,
        List<String> remarks) {

    private static final int CHUNK = 200;
    private static final Preprocessing COARSE = new Preprocessing(8, Normalization.TORCH);

    /** The properties, or the reason why the image cannot be read. */
    private record Look(
            LabelledImage image, Optional<ImageFacts> facts, Optional<String> problem) {}

    /**
     * Decodes images, in parallel.
     *
     * @param unreadable receives each image that cannot be read, and why
     * @throws CancellationException if the thread is interrupted
     */
    static List<ImageFacts> of(
            List<LabelledImage> images,
            BiConsumer<LabelledImage, String> unreadable,
            DatasetAudit.Listener listener) {
        List<ImageFacts> facts = new ArrayList<>();
        for (int from = 0; from < images.size(); from += CHUNK) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("%d images were examined".formatted(from));
            }
            int to = Math.min(images.size(), from + CHUNK);
            for (Look look :
                    images.subList(from, to).parallelStream().map(ImageFacts::at).toList()) {
                look.facts().ifPresent(facts::add);
                look.problem().ifPresent(why -> unreadable.accept(look.image(), why));
            }
            listener.onImages(to, images.size());
        }
        return facts;
    }

    private static Look at(LabelledImage image) {
        try {
            RasterImage decoded = image.radiograph().decode();
            return new Look(image, Optional.of(of(image, decoded)), Optional.empty());
        } catch (UnreadableImageException e) {
            return new Look(image, Optional.empty(), Optional.of(e.reason()));
        } catch (IOException e) {
            return new Look(image, Optional.empty(), Optional.of(e.toString()));
        }
    }

    private static ImageFacts of(LabelledImage image, RasterImage pixels) throws IOException {
        byte[] samples = pixels.toBytes();
        int row = pixels.width() * pixels.channels();
        int left = pixels.width() / 10 * pixels.channels();
        int top = pixels.height() / 10;
        double sum = 0;
        double border = 0;
        long borderCount = 0;
        for (int i = 0; i < samples.length; i++) {
            int value = samples[i] & 0xFF;
            int x = i % row;
            int y = i / row;
            sum += value;
            if (x < left || x >= row - left || y < top || y >= pixels.height() - top) {
                border += value;
                borderCount++;
            }
        }
        Optional<Path> file = image.radiograph().file();
        String name =
                file.map(path -> path.getFileName().toString().toLowerCase(Locale.ROOT)).orElse("");
        return new ImageFacts(
                image,
                image.pixelsSha256(),
                name.substring(name.lastIndexOf('.') + 1),
                file.isPresent() ? Files.size(file.get()) : 0,
                pixels.width(),
                pixels.height(),
                sum / samples.length,
                border / Math.max(1, borderCount),
                greys(pixels),
                COARSE.resizeAndCrop(pixels),
                pixels.remarks());
    }

    private static List<Integer> greys(RasterImage pixels) {
        int[] counts = new int[256];
        int all = 0;
        int left = (int) (pixels.width() * 0.13);
        int top = (int) (pixels.height() * 0.13);
        for (int y = top; y < pixels.height() - top; y++) {
            for (int x = left; x < pixels.width() - left; x++, all++) {
                counts[pixels.sample(x, y, 0)]++;
            }
        }
        List<Integer> found = new ArrayList<>();
        int grey = 0;
        int upTo = counts[0];
        for (double share : new double[] {0.001, 0.01, 0.5, 0.99, 0.999}) {
            while (upTo < share * all) {
                upTo += counts[++grey];
            }
            found.add(grey);
        }
        found.add((int) Arrays.stream(counts).filter(count -> count > 0).count());
        return List.copyOf(found);
    }

    int shortSide() {
        return Math.min(width, height);
    }

    double aspect() {
        return width / (double) height;
    }

    double bytesPerPixel() {
        return bytes / (double) ((long) width * height);
    }
}
