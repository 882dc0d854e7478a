package org.deepcovid.cli;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.data.FittingData;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.features.FeatureExtractor;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.training.RunOptions;
import org.deepcovid.eval.audit.Probe;
import org.deepcovid.eval.audit.ShortcutAudit;
import org.deepcovid.eval.report.Evaluation;
import picocli.CommandLine.Option;

/** The option for the shortcut audit. */
final class Auditing {

    private static final String FITTED = "training and validation images";

    @Option(
            names = "--no-audit",
            description =
                    "do not test whether the label can be predicted from the border of the images,"
                            + " their files or their source (one more pass over the images)")
    private boolean skipped;

    /**
     * Audits the images fitted to.
     *
     * @param pretrained loads the network again, where its layers were fitted to the labels
     */
    Optional<ShortcutAudit.Result> fitted(
            Subcommand command,
            CovidClassifier classifier,
            FittingData images,
            Supplier<Backbone> pretrained,
            RunOptions options) {
        if (skipped) {
            return Optional.empty();
        }
        List<LabelledImage> all =
                Stream.of(images.training(), images.validation()).flatMap(List::stream).toList();
        if (classifier.provenance().trainedLayers().isEmpty()) {
            return Optional.of(run(command, classifier.features(), images.labels(), all, FITTED));
        }
        try (Backbone backbone = pretrained.get();
                InferenceEngine engine = InferenceEngine.of(backbone)) {
            FeatureExtractor network =
                    options.extractor(backbone, engine)
                            .with(classifier.provenance().config().standardization());
            return Optional.of(run(command, network, images.labels(), all, FITTED));
        }
    }

    /** Adds the audit of the test images, if both classes are there. */
    Evaluation tested(Subcommand command, CovidClassifier classifier, Evaluation evaluation) {
        return skipped || !evaluation.scores().hasBothClasses()
                ? evaluation
                : evaluation.withShortcuts(
                        run(
                                command,
                                classifier.features(),
                                classifier.labels(),
                                evaluation.testImages(),
                                "test images"));
    }

    private static ShortcutAudit.Result run(
            Subcommand command,
            FeatureExtractor network,
            LabelSet labels,
            List<LabelledImage> images,
            String part) {
        try (ConsoleProgress progress = command.progress()) {
            return ShortcutAudit.seeded(command.seed())
                    .with(Probe.quick())
                    .named(part)
                    .run(
                            network,
                            labels,
                            images,
                            (done, total) -> progress.show("shortcut audit", done, total));
        }
    }
}
