package org.deepcovid.core.training;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.TreeMap;
import org.deepcovid.core.image.ImageRequest;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.core.runtime.RuntimeEnvironment;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Names, by checksums, what must be the same for kept work to have the same bits. */
final class RunIdentity {

    private RunIdentity() {}

    /**
     * What computes rows: network, the numbers in it, engine and machine.
     *
     * @param output which of the network's outputs the rows are
     * @param engine what runs the network
     */
    static String network(Backbone backbone, String output, String engine) {
        RuntimeEnvironment here = DeepCovidRuntime.initialise();
        MessageDigest digest = FileHashes.newDigest();
        List.of(
                        backbone.spec().toString(),
                        output,
                        engine,
                        here.backend(),
                        Boolean.toString(here.oneDnn()),
                        here.cpu(),
                        here.cpuFeatures().toString(),
                        Integer.toString(here.threads()),
                        here.javaVersion(),
                        here.operatingSystem(),
                        here.libraryVersion())
                .forEach(part -> update(digest, part));
        new TreeMap<>(backbone.parameters())
                .forEach((name, values) -> update(digest, name, values));
        return "features " + FileHashes.hex(digest);
    }

    private static void update(MessageDigest digest, String part) {
        digest.update((part + '\0').getBytes(StandardCharsets.UTF_8));
    }

    private static void update(MessageDigest digest, String name, INDArray values) {
        update(digest, name);
        KeptEpochs.update(digest, values);
    }

    /** What decides the epochs of trained layers: network, recipe, and images with their labels. */
    static String epochs(
            String network, FineTuneConfig config, ViewedImages images, ImageKeys keys) {
        MessageDigest digest = FileHashes.newDigest();
        update(digest, network);
        update(digest, config.toString());
        for (int i = 0; i < images.size(); i++) {
            List<ImageRequest> one = List.of(images.requests().get(i));
            update(digest, keys.of(one).orElse("unreadable") + images.labels().get(i));
        }
        return "epochs " + FileHashes.hex(digest);
    }
}
