package org.deepcovid.eval.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.image.UnreadableImageException;

/**
 * Properties of an image file that do not depend on the disease.
 *
 * @param image the image
 * @param pixels checksum of the decoded pixels
 * @param kind the file's ending, in lower case
 * @param bytes size of the file
 * @param width in pixels
 * @param height in pixels
 * @param brightness mean sample, 0 to 255
 * @param borderBrightness mean sample of the outer tenth on each side, 0 to 255
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
        List<String> remarks) {

    /** The properties, or the reason why the image cannot be read. */
    record Look(LabelledImage image, Optional<ImageFacts> facts, Optional<String> problem) {}

    static Look at(LabelledImage image) {
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
        String name = image.file().getFileName().toString().toLowerCase(Locale.ROOT);
        return new ImageFacts(
                image,
                image.pixelsSha256(),
                name.substring(name.lastIndexOf('.') + 1),
                Files.size(image.file()),
                pixels.width(),
                pixels.height(),
                sum / samples.length,
                border / Math.max(1, borderCount),
                pixels.remarks());
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
