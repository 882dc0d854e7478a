package org.deepcovid.models.catalogue;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.ServiceLoader;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.BackboneProvider;
import org.deepcovid.core.model.WeightsOrigin;

/** Saved classifiers as starting points of new ones. */
public final class SavedClassifiers {

    private SavedClassifiers() {}

    /**
     * The network under a saved classifier's head, to be fine-tuned anew. Its origin names the
     * classifier's file and, in brackets, the weights that the classifier started from.
     *
     * @param file as {@link CovidClassifier#save} wrote it
     * @return a copy of the network that owns its memory; the classifier's head is left behind
     * @throws org.deepcovid.core.ClassifierFileException if the file cannot be used
     */
    public static Backbone backbone(Path file) {
        requireNonNull(file, "file is null");
        try (CovidClassifier classifier = CovidClassifier.load(file)) {
            Backbone loaded = classifier.backbone();
            WeightsOrigin first = loaded.origin();
            WeightsOrigin origin =
                    new WeightsOrigin(
                            "%s (classifier on %s)".formatted(file.getFileName(), first.name()),
                            FileHashes.sha256(file),
                            first.trained());
            return provider(loaded.spec().architecture())
                    .restore(loaded.spec(), loaded.parameters(), origin);
        }
    }

    /** Loading has found it already. */
    private static BackboneProvider provider(String architecture) {
        return ServiceLoader.load(BackboneProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.architecture().equals(architecture))
                .findFirst()
                .orElseThrow();
    }
}
