package org.deepcovid.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.explain.HeatmapMethod;
import org.deepcovid.eval.metrics.ThresholdRule;
import org.deepcovid.eval.report.Evaluation;
import org.deepcovid.eval.report.OverlaySupplier;
import org.deepcovid.eval.report.Report;
import org.deepcovid.eval.report.ReportWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Several classifiers on the same images. */
@Command(
        name = "compare",
        header = "Compares classifiers on the same labelled radiographs.",
        description =
                "Either saved classifiers, each with its own threshold, or networks that are"
                        + " fine-tuned on DATA first. Areas under the ROC curve are compared by"
                        + " DeLong's test, decisions by McNemar's; p-values are adjusted by Holm"
                        + " for the number of pairs.",
        footer = {
            "",
            "Examples:",
            "  deepcovid compare a.deepcovid b.deepcovid --data radiographs/",
            "  deepcovid compare *.deepcovid --data manifest.csv --report comparison",
            "  deepcovid compare --data radiographs/ --weights squeezenet=squeezenet.h5"
                    + " --weights resnet50=resnet50.h5"
        })
final class Compare extends Subcommand {

    private static final int FEWEST = 2;

    @Parameters(
            arity = "0..*",
            paramLabel = "CLASSIFIER",
            description = "two or more files of saved classifiers")
    private List<Path> files = List.of();

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DATA",
            description = "folder or CSV manifest")
    private Path data;

    @Option(
            names = "--part",
            paramLabel = "PART",
            description =
                    "of saved classifiers: ${COMPLETION-CANDIDATES}; of data without marks, all"
                            + " (default ${DEFAULT-VALUE})")
    private Datasets.Part part = Datasets.Part.TEST;

    @Mixin private final NetworkOptions networks = new NetworkOptions();
    @Mixin private final Splitting splitting = new Splitting();
    @Mixin private final Recipe recipe = new Recipe();

    @Option(
            names = "--sensitivity",
            paramLabel = "SHARE",
            description =
                    "sensitivity that the thresholds of fine-tuned networks reach on out-of-fold"
                            + " scores (default ${DEFAULT-VALUE})")
    private double sensitivity = 0.95;

    @Mixin private final Reporting reporting = new Reporting();

    @Option(
            names = "--overwrite",
            arity = "0",
            fallbackValue = "true",
            description = "replace the report if it exists")
    private boolean overwrite;

    @SuppressWarnings("UnusedVariable") // declares --resume
    @Mixin
    private final ScoringOptions scoring = new ScoringOptions();

    @Override
    public Integer call() throws IOException {
        if (networks.given()) {
            if (!files.isEmpty()) {
                throw usage(
                        "saved classifiers and --weights or --random are given; expected one of"
                                + " them");
            }
            return compareNetworks();
        }
        if (files.size() < FEWEST) {
            throw usage(
                    "%d classifiers are given; expected two or more to compare, or networks with"
                            + " --weights NAME=FILE",
                    files.size());
        }
        return compareSaved();
    }

    private int compareNetworks() {
        networks.choices(this, networks());
        ThresholdRule rule = Reporting.rule(this, sensitivity);
        FineTuneConfig config = recipe.config(this);
        Optional<ReportWriter> writer = reporting.writer(overwrite);
        DatasetSplit split = splitting.read(this, data);
        Report study = Report.of("Networks compared on COVID-19", data.toString(), split);
        Comparison comparison = new Comparison(split.test());
        new NetworkRuns(this, split, config, rule)
                .run(
                        study,
                        networks,
                        comparison,
                        grown -> writer.ifPresent(to -> print("report: %s", to.write(grown))));
        comparison.print(this);
        return ExitCode.OK;
    }

    private int compareSaved() throws IOException {
        Optional<ReportWriter> writer = reporting.writer(overwrite);
        Map<String, Path> named = named();
        DatasetSplit split = Datasets.toTest(XrayDataset.read(data), part);
        Report study = Report.of("Classifiers compared", data.toString(), split);
        Comparison comparison = new Comparison(split.test());
        for (Map.Entry<String, Path> entry : named.entrySet()) {
            String name = entry.getKey();
            remark("%s", name);
            try (CovidClassifier classifier = CovidClassifier.load(entry.getValue())) {
                Evaluation evaluation = evaluate(entry.getValue(), classifier, split);
                comparison.add(name, evaluation);
                if (writer.isPresent()) {
                    study = with(study, name, evaluation, classifier);
                }
            }
        }
        comparison.print(this);
        if (writer.isPresent()) {
            print("report: %s", writer.get().write(study));
        }
        return ExitCode.OK;
    }

    private Evaluation evaluate(Path file, CovidClassifier classifier, DatasetSplit split)
            throws IOException {
        return ScoringOptions.scoring(
                this,
                file,
                classifier,
                scorer -> Evaluation.of(classifier, split.test(), scorer::score));
    }

    private static Report with(
            Report study, String name, Evaluation evaluation, CovidClassifier classifier) {
        try (ExplainedModel model = ExplainedModel.of(classifier)) {
            return study.with(
                    name, evaluation, OverlaySupplier.heatmaps(model, HeatmapMethod.cam()));
        }
    }

    /** The files by classifier name; each is opened now, so that none fails later. */
    private Map<String, Path> named() {
        Map<String, Path> named = new LinkedHashMap<>();
        for (Path file : files) {
            if (named.putIfAbsent(name(file), file) != null) {
                throw usage("%s is given twice; expected different classifiers", file);
            }
        }
        for (Path file : files) {
            try (CovidClassifier classifier = CovidClassifier.load(file)) {
                if (classifier.threshold().isEmpty()) {
                    throw new IllegalArgumentException(
                            "%s has no threshold; expected one chosen when it was fine-tuned"
                                    .formatted(file));
                }
            }
        }
        return named;
    }

    /** The file's name without ending; the whole path where two files share that. */
    private String name(Path file) {
        String stem = HeatmapPictures.stem(file);
        long alike = files.stream().filter(f -> HeatmapPictures.stem(f).equals(stem)).count();
        return alike == 1 ? stem : file.toString();
    }
}
