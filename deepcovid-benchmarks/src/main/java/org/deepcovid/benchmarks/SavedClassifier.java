package org.deepcovid.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Classifiers that the rows score with. */
final class SavedClassifier {

    private SavedClassifier() {}

    /** The classifier of a network; fine-tuned if the work folder has none yet. */
    static Path file(String network, RowOptions options) throws IOException {
        Path file = options.work().resolve(network + ".deepcovid");
        if (!Files.exists(file)) {
            fineTune(network, options);
        }
        return file;
    }

    static ChildJvm.Run fineTune(String network, RowOptions options) throws IOException {
        Path folder = Files.createDirectories(options.work());
        return ChildJvm.java(
                FineTuneProgram.class,
                List.of("-Xmx4g"),
                List.of(
                        network,
                        options.weights(network).toString(),
                        options.data().toString(),
                        folder.resolve(network + ".deepcovid").toString()));
    }
}
