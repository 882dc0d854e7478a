package org.deepcovid.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.deepcovid.core.image.ImageDecoder;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.image.UnreadableImageException;

/**
 * Decodes all files of a folder, for {@code scripts/compare_decoders.py}: writes {@code NAME.pnm},
 * or {@code NAME.refused} with the reason, into another folder.
 */
public final class DecodeFiles {

    private DecodeFiles() {}

    /**
     * Runs.
     *
     * @param args folder of images, folder to write to
     */
    public static void main(String[] args) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(Path.of(args[0]))) {
            files = all.sorted().toList();
        }
        for (Path file : files) {
            Path result = Path.of(args[1]).resolve(file.getFileName());
            try {
                Files.write(Path.of(result + ".pnm"), pnm(ImageDecoder.decode(file)));
            } catch (UnreadableImageException e) {
                Files.writeString(Path.of(result + ".refused"), e.reason());
            }
        }
    }

    private static byte[] pnm(RasterImage image) {
        byte[] header =
                "P%d %d %d 255\n"
                        .formatted(image.channels() == 1 ? 5 : 6, image.width(), image.height())
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] samples = image.toBytes();
        byte[] all = new byte[header.length + samples.length];
        System.arraycopy(header, 0, all, 0, header.length);
        System.arraycopy(samples, 0, all, header.length, samples.length);
        return all;
    }
}
