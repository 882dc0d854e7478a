package org.deepcovid.models;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.deepcovid.models.weights.Flavour;
import org.deepcovid.models.weights.WeightsException;
import org.deepcovid.models.weights.WeightsFile;

/** The weights file inside this jar. */
final class BundledWeights {

    /** Checksum of the file. */
    static final String SHA_256 =
            "5798f0ed113dc5e661ca39f5eb1d908c898b110414d7cf69b80c5aaa0eb1a9c6";

    /** Licence of the weights, which is the library's own. */
    static final String LICENCE = "Apache-2.0 (trained by this project from random weights)";

    /** Name of the resource, beside this class. */
    static final String NAME = "squeezenet-1.1-deepcovid.safetensors";

    private BundledWeights() {}

    /** What is known about the file. */
    static WeightsFile file() {
        return WeightsFile.of(Path.of(NAME)).withFlavour(Flavour.TORCHVISION).withSha256(SHA_256);
    }

    static byte[] read() {
        try (InputStream in = BundledWeights.class.getResourceAsStream(NAME)) {
            if (in == null) {
                throw new WeightsException(
                        "the jar of deepcovid-models lacks %s; was it repackaged without resources? use the published jar"
                                .formatted(NAME));
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new WeightsException(
                    "%s inside the jar of deepcovid-models cannot be read: %s".formatted(NAME, e),
                    e);
        }
    }
}
