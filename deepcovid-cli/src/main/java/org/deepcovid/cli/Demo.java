package org.deepcovid.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.image.PixelMask;
import org.deepcovid.core.io.IfExists;
import org.deepcovid.core.io.OwnOutputs;
import org.deepcovid.core.runtime.DeepCovidRuntime;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.core.training.RunOptions;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.explain.HeatmapMethod;
import org.deepcovid.eval.explain.HeatmapOverlay;
import org.deepcovid.eval.metrics.ThresholdRule;
import org.deepcovid.eval.report.Evaluation;
import org.deepcovid.eval.report.OverlaySupplier;
import org.deepcovid.eval.report.Report;
import org.deepcovid.eval.report.ReportWriter;
import org.deepcovid.models.Backbones;
import org.deepcovid.phantoms.PhantomCounts;
import org.deepcovid.phantoms.PhantomDataset;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** All steps: data, fine-tuning, evaluation, heatmaps, report. */
@Command(
        name = "demo",
        header = "Fine-tunes, evaluates and explains a small network, and writes a report.",
        description =
                "Without DATA it draws synthetic radiographs (phantoms); the figures then say"
                    + " nothing about any disease. Needs no other file and no network connection.",
        footer = {
            "",
            "Examples:",
            "  deepcovid demo",
            "  deepcovid demo radiographs/ --output first-try",
            "",
            "DATA is a folder with covid/ and non/, or with these below train/, val/ and test/, or",
            "a CSV file with the columns file and label. If DATA marks no parts, a fifth of the",
            "images is the test part, split by patient where patients are known."
        })
final class Demo extends Subcommand {

    @Mixin final ImageLimit imageLimit = new ImageLimit();

    private static final String FOLDER = "deepcovid-demo";
    private static final String CLASSIFIER_FILE = "demo.deepcovid";
    private static final String CASES = "cases";
    private static final String REPORT = "report";
    private static final int RIGHT_EXAMPLES = 3;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "DATA",
            description = "folder or CSV manifest of radiographs (default: synthetic ones)")
    private Path data;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FOLDER",
            description =
                    "new folder for the output (default: " + FOLDER + ", numbered if it exists)")
    private Path output;

    @Option(
            names = "--images",
            paramLabel = "N",
            description = "synthetic images to draw, half of them covid (default ${DEFAULT-VALUE})")
    private int images = 240;

    @Mixin private final Epochs epochs = new Epochs();
    @Mixin private final Splitting splitting = new Splitting();

    @Override
    public Integer call() throws IOException {
        if (data != null) {
            withoutEffect("DATA is given, and nothing is drawn", "--images");
        }
        if (images < 24) {
            throw usage("--images is %d; expected at least 24", images);
        }
        FineTuneConfig config =
                FineTuneConfig.defaults().withSeed(seed()).withEpochs(epochs.get(this));
        splitting.check(this);
        Optional<DatasetSplit> given =
                Optional.ofNullable(data)
                        .map(path -> splitting.split(this, splitting.dataset(this, path)));
        detail("%s", DeepCovidRuntime.initialise().summary());
        stopIfInterrupted();
        try (OutputClaims claims = new OutputClaims()) {
            Path folder = newFolder(claims);
            Files.createDirectories(folder.toAbsolutePath().getParent());
            OwnOutputs outputs = outputs(folder);
            outputs.write(folder, draft -> run(draft, config, given));
            print("classifier  %s", folder.resolve(CLASSIFIER_FILE));
            print("heatmaps    %s", folder.resolve(CASES));
            print(
                    "report      %s",
                    folder.resolve(REPORT)
                            .resolve(ReportWriter.HTML)
                            .toAbsolutePath()
                            .normalize()
                            .toUri());
            remark("%n%s", next(folder.resolve(CLASSIFIER_FILE)));
            outputs.finish();
        }
        return ExitCode.OK;
    }

    private static OwnOutputs outputs(Path folder) {
        return ResumableSubcommand.ownOutputs("demo " + folder.toAbsolutePath().normalize());
    }

    /** The chosen folder, or the first default name, that no run has written or is writing. */
    private Path newFolder(OutputClaims claims) throws IOException {
        Path here = context().workingFolder();
        Path folder = output == null ? here.resolve(FOLDER) : output;
        Optional<String> taken = taken(folder, claims);
        for (int number = 2; taken.isPresent(); number++) {
            if (output != null) {
                throw new IllegalArgumentException(
                        "--output %s %s; name a new folder".formatted(output, taken.get()));
            }
            folder = here.resolve(FOLDER + "-" + number);
            taken = taken(folder, claims);
        }
        return folder;
    }

    /** Why a folder cannot be used; empty if it can, and is claimed. */
    private static Optional<String> taken(Path folder, OutputClaims claims) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            return Optional.of("is a file");
        }
        if (!claims.add(folder)) {
            return Optional.of("is being written by another run");
        }
        if (!Files.exists(folder) || outputs(folder).contains(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().map(entry -> "is there and not empty");
        }
    }

    private void run(Path folder, FineTuneConfig config, Optional<DatasetSplit> given) {
        try {
            Files.createDirectories(folder);
            if (given.isPresent()) {
                run(folder, config, given.get(), image -> Optional.empty());
                return;
            }
            remark("Drawing %d synthetic radiographs. They show no person and no disease.", images);
            PhantomDataset phantoms = draw(folder.resolve("images"));
            run(
                    folder,
                    config,
                    splitting.split(this, phantoms.images()),
                    image -> Optional.of(phantoms.lungs(image)));
        } catch (IOException e) {
            throw new UncheckedIOException(Failures.describe(e), e);
        }
    }

    private PhantomDataset draw(Path folder) {
        int train = images / 2;
        int validation = images / 6;
        return PhantomDataset.write(
                folder,
                counts(train),
                counts(validation),
                counts(images - train - validation),
                seed());
    }

    private static PhantomCounts counts(int all) {
        return new PhantomCounts(all / 2, all / 4, all - all / 2 - all / 4);
    }

    private void run(
            Path folder,
            FineTuneConfig config,
            DatasetSplit split,
            Function<LabelledImage, Optional<PixelMask>> lungs)
            throws IOException {
        Splitting.printed(this, split);
        try (ConsoleProgress progress = progress();
                FineTuned trained =
                        CovidClassifier.fineTune(
                                Backbones.bundled(),
                                split.fitting(),
                                config,
                                splitting.applyTo(RunOptions.defaults().withListener(progress)))) {
            Evaluation tested =
                    Evaluation.of(trained, ThresholdRule.sensitivityAtLeast(0.95), split.test());
            Evaluation evaluation =
                    new Auditing()
                            .fitted(
                                    this,
                                    trained.classifier(),
                                    split.fitting(),
                                    Backbones::bundled,
                                    RunOptions.defaults())
                            .map(tested::withShortcuts)
                            .orElse(tested);
            CovidClassifier classifier = trained.classifier(evaluation.decisions());
            classifier.save(folder.resolve(CLASSIFIER_FILE));
            remark("explaining some cases");
            try (ExplainedModel model = ExplainedModel.of(classifier)) {
                Path cases = Files.createDirectories(folder.resolve(CASES));
                explain(model, cases, cases(evaluation, split.test()), lungs);
                ReportWriter.into(folder.resolve(REPORT), IfExists.FAIL)
                        .write(report(split, evaluation, model));
                print("%n%s%n", evaluation.toText().stripTrailing());
            }
        }
    }

    private Report report(DatasetSplit split, Evaluation evaluation, ExplainedModel model) {
        String what = data == null ? "synthetic radiographs" : data.toString();
        Report report =
                Report.of("A first try on " + what, what, split)
                        .withExamples(Report.DEFAULT_ERRORS, RIGHT_EXAMPLES);
        if (data == null) {
            report =
                    report.withNote(
                            "Synthetic data: every image is a drawn phantom. The figures show that"
                                + " the software works, and nothing about any disease or person.");
        }
        return report.with(
                evaluation.network().architecture(),
                evaluation,
                OverlaySupplier.heatmaps(model, HeatmapMethod.cam()));
    }

    /** For each label, the wrong and the right decision furthest from the threshold. */
    private static List<LabelledImage> cases(Evaluation evaluation, List<LabelledImage> images) {
        Map<String, LabelledImage> cases = new TreeMap<>(); // "false ..." before "right ..."
        Map<String, Double> distances = new HashMap<>();
        for (int row = 0; row < images.size(); row++) {
            LabelledImage image = images.get(row);
            double score = evaluation.testScores().get(row).positiveProbability();
            boolean right =
                    evaluation.threshold().isReachedBy(score)
                            == evaluation.testScores().get(row).isPositive();
            String kind = (right ? "right " : "false ") + image.label();
            double distance = Math.abs(score - evaluation.threshold().value());
            if (distance > distances.getOrDefault(kind, -1.0)) {
                distances.put(kind, distance);
                cases.put(kind, image);
            }
        }
        return List.copyOf(cases.values());
    }

    private void explain(
            ExplainedModel model,
            Path folder,
            List<LabelledImage> cases,
            Function<LabelledImage, Optional<PixelMask>> lungs) {
        HeatmapPictures pictures =
                new HeatmapPictures(
                        model,
                        new MethodChoice().methods(),
                        model.positive(),
                        HeatmapOverlay.defaults(),
                        new FigureChoice(),
                        folder,
                        IfExists.FAIL);
        try (ConsoleProgress progress = progress()) {
            for (int i = 0; i < cases.size(); i++) {
                LabelledImage image = cases.get(i);
                String stem =
                        "%d-%s-%s"
                                .formatted(
                                        i + 1,
                                        image.label().name().replaceAll("[^\\p{L}\\p{N}-]+", "_"),
                                        HeatmapPictures.stem(image.file()));
                pictures.write(image.file(), stem, lungs.apply(image));
                progress.show("heatmaps", i + 1, cases.size());
            }
        }
    }

    private String next(Path file) {
        return data == null
                ? "Next: the same on your radiographs:  deepcovid demo FOLDER"
                : "Next: deepcovid predict %s IMAGE...   deepcovid audit %s   deepcovid help"
                        .formatted(file, data);
    }
}
