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
            "e09f1f78e467528a327dd40282af32eeb59ae07cb87ebee0526620078161c69f";

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
