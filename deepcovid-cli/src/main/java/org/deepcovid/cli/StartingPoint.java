package org.deepcovid.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.models.Backbones;
import org.deepcovid.models.catalogue.CatalogueEntry;
import org.deepcovid.models.catalogue.WeightsCache;
import org.deepcovid.models.catalogue.WeightsCatalogue;
import org.deepcovid.models.weights.WeightsFile;
import picocli.CommandLine.Option;

/** The network to start from. */
final class StartingPoint {

    private static final String BUNDLED = "bundled";
    private static final String CATALOGUE = "catalogue";
    private static final String RANDOM = "random";
    private static final String USUAL = "squeezenet";
    private static final String SAVED = ".deepcovid";

    @Option(
            names = "--network",
            paramLabel = "NAME",
            description =
                    "${COMPLETION-CANDIDATES} (default " + USUAL + ", or the network of WEIGHTS)",
            completionCandidates = Names.class)
    private String network;

    @Option(
            names = "--weights",
            paramLabel = "WEIGHTS",
            description =
                    "file (Keras .h5 or .keras, .safetensors, or a saved classifier); 'bundled',"
                            + " the small SqueezeNet of this library; 'catalogue' or an ID of the"
                            + " catalogue, downloaded once; 'random' (default ${DEFAULT-VALUE})")
    private String weights = BUNDLED;

    static final class Names implements Iterable<String> {
        @Override
        public java.util.Iterator<String> iterator() {
            return Backbones.names().iterator();
        }
    }

    /** Checks the names before any file is read. */
    void check(Subcommand command) {
        if (!Backbones.names().contains(network())) {
            throw command.usage(
                    "--network is '%s'; expected one of %s", network, Backbones.names());
        }
        if (isBundled() && !network().equals(USUAL)) {
            throw command.usage(
                    "the bundled weights are of squeezenet; for %s name a file with --weights, or"
                            + " 'catalogue'",
                    network);
        }
        boolean word = isBundled() || List.of(RANDOM, CATALOGUE).contains(lowerCase());
        if (!word && !ids().contains(weights) && !Files.isRegularFile(Path.of(weights))) {
            throw command.usage(
                    "--weights is '%s'; expected a file, bundled, catalogue, random, or for %s one"
                            + " of %s",
                    weights, network(), ids());
        }
    }

    private String network() {
        return network == null ? USUAL : network;
    }

    private String lowerCase() {
        return weights.toLowerCase(Locale.ROOT);
    }

    private boolean isBundled() {
        return lowerCase().equals(BUNDLED);
    }

    private List<String> ids() {
        return WeightsCatalogue.find(network()).stream().map(CatalogueEntry::id).toList();
    }

    Backbone load(Subcommand command) {
        check(command);
        return switch (lowerCase()) {
            case BUNDLED -> Backbones.bundled();
            case RANDOM -> Backbones.untrained(network(), command.seed());
            case CATALOGUE -> fetch(command, WeightsCatalogue.find(network()).get(0));
            default -> named(command);
        };
    }

    private Backbone named(Subcommand command) {
        if (ids().contains(weights)) {
            return fetch(command, WeightsCatalogue.entry(weights));
        }
        Path file = Path.of(weights);
        return weights.endsWith(SAVED)
                ? saved(command, file)
                : Backbones.load(network(), WeightsFile.of(file));
    }

    /** Refuses a --network other than the classifier's. */
    private Backbone saved(Subcommand command, Path file) {
        Backbone backbone = Backbones.ofClassifier(file);
        String architecture = backbone.spec().architecture();
        if (network != null && !architecture.replace("-", "").startsWith(network)) {
            backbone.close();
            throw command.usage(
                    "--network is '%s', and %s was saved with %s; leave --network out",
                    network, file, architecture);
        }
        return backbone;
    }

    private static Backbone fetch(Subcommand command, CatalogueEntry entry) {
        try (ConsoleProgress progress = command.progress()) {
            return Backbones.load(
                    entry,
                    WeightsCache.standard(),
                    (file, bytes, total) ->
                            progress.show("download of " + file, bytes, total(total, bytes)));
        }
    }

    private static long total(OptionalLong known, long bytes) {
        return known.orElse(2 * bytes); // unknown size
    }
}
