package org.deepcovid.cli;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.data.FittingData;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.features.FeatureExtractor;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.training.RunOptions;
import org.deepcovid.eval.audit.Probe;
import org.deepcovid.eval.audit.ShortcutAudit;
import picocli.CommandLine.Option;

/** The option for the shortcut audit of a fine-tuning. */
final class Auditing {

    @Option(
            names = "--no-audit",
            description =
                    "do not test whether the label can be predicted from the border of the images,"
                            + " their files or their source (one more pass over the images)")
    private boolean skipped;

    /**
     * Audits the images fitted to, and prints the result.
     *
     * @param pretrained loads the network again, where its layers were fitted to the labels
     */
    Optional<ShortcutAudit.Result> run(
            Subcommand command,
            CovidClassifier classifier,
            FittingData images,
            Supplier<Backbone> pretrained,
            RunOptions options) {
        if (skipped) {
            return Optional.empty();
        }
        if (classifier.provenance().trainedLayers().isEmpty()) {
            return Optional.of(run(command, classifier.features(), images));
        }
        try (Backbone backbone = pretrained.get();
                InferenceEngine engine = InferenceEngine.of(backbone)) {
            FeatureExtractor network =
                    options.extractor(backbone, engine)
                            .with(classifier.provenance().config().standardization());
            return Optional.of(run(command, network, images));
        }
    }

    private static ShortcutAudit.Result run(
            Subcommand command, FeatureExtractor network, FittingData images) {
        List<LabelledImage> all =
                Stream.of(images.training(), images.validation()).flatMap(List::stream).toList();
        ShortcutAudit.Result result;
        try (ConsoleProgress progress = command.progress()) {
            result =
                    ShortcutAudit.seeded(command.seed())
                            .with(Probe.quick())
                            .run(
                                    network,
                                    images.labels(),
                                    all,
                                    (done, total) -> progress.show("shortcut audit", done, total));
        }
        command.print(
                "%nShortcut audit of the training and validation images%n%s",
                result.toText().stripTrailing());
        return result;
    }
}
