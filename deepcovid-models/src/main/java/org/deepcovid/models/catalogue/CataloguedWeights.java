package org.deepcovid.models.catalogue;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import org.deepcovid.core.io.FileHashes;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.models.Backbones;
import org.deepcovid.models.weights.WeightsFile;

/** From the name of a network to the network with pre-trained weights. */
public final class CataloguedWeights {

    private CataloguedWeights() {}

    /**
     * Loads a network with the weights that the catalogue prefers for it, downloading them if they
     * are not in the cache.
     *
     * @param network one of {@link Backbones#names()}
     * @return the network, with the head of its weights
     * @throws IllegalArgumentException if there is no network of that name
     * @throws org.deepcovid.models.weights.WeightsException if the weights cannot be had or used
     */
    public static Backbone load(String network) {
        return load(
                WeightsCatalogue.find(network).get(0),
                WeightsCache.standard(),
                DownloadListener.NONE);
    }

    /**
     * Loads a network with weights of a catalogue.
     *
     * @param entry which weights
     * @param cache where they are kept
     * @param listener receives the progress of a download
     * @return the network, with the head of its weights
     * @throws org.deepcovid.models.weights.WeightsException if the weights cannot be had or used
     */
    public static Backbone load(
            CatalogueEntry entry, WeightsCache cache, DownloadListener listener) {
        return Backbones.pretrained(entry.network(), fetch(entry, cache, listener));
    }

    /**
     * Fetches a file and says what the catalogue knows of it.
     *
     * @param entry which weights
     * @param cache where they are kept
     * @param listener receives the progress of a download
     * @return the file with its flavour and checksum
     * @throws org.deepcovid.models.weights.WeightsException if the weights cannot be had
     */
    public static WeightsFile fetch(
            CatalogueEntry entry, WeightsCache cache, DownloadListener listener) {
        Path file = requireNonNull(cache, "cache is null").fetch(entry, listener);
        return WeightsFile.of(file)
                .withFlavour(entry.flavour())
                .withSha256(entry.sha256().orElseGet(() -> FileHashes.sha256(file)));
    }
}
