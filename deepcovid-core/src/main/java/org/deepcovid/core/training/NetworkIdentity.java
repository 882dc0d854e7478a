package org.deepcovid.core.training;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.TreeMap;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.core.runtime.RuntimeEnvironment;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A checksum of what must be the same for kept rows to have the same bits. */
final class NetworkIdentity {

    private NetworkIdentity() {}

    /**
     * Network, weights, engine and machine.
     *
     * @param output the output that the rows hold
     * @param engine runtime with its version
     */
    static String of(Backbone backbone, String output, String engine) {
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
        EpochCheckpoint.update(digest, values);
    }
}
