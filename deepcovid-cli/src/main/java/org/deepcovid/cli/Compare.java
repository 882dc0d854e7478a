package org.deepcovid.cli;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.explain.HeatmapMethod;
import org.deepcovid.eval.metrics.ThresholdRule;
import org.deepcovid.eval.report.Evaluation;
import org.deepcovid.eval.report.OverlaySupplier;
import org.deepcovid.eval.report.Report;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares classifiers on the same images. */
@Command(
        name = "compare",
        header = "Compares classifiers on the same labelled radiographs.",
        description =
                "Compares saved classifiers, each at its own threshold, or networks that are first"
                        + " fine-tuned on DATA. Areas under the ROC curve are compared by"
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
final class Compare extends ResumableSubcommand {

    @Mixin final ImageLimit imageLimit = new ImageLimit();

    private static final int FEWEST = 2;

    @Parameters(
            arity = "0..*",
            paramLabel = "CLASSIFIER",
            description = "two or more files of saved classifiers")
    private List<Path> files = List.of();

    @Option(names = "--data", required = true, paramLabel = "DATA", description = DATA)
    private Path data;

    @Mixin private final TestPart part = new TestPart();

    @Mixin private final NetworkOptions networks = new NetworkOptions();
    @Mixin private final Splitting splitting = new Splitting();
    @Mixin private final Auditing auditing = new Auditing();
    @Mixin private final Recipe recipe = new Recipe();

    @Mixin private final Reporting reporting = new Reporting();

    @Override
    int run() {
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
        withoutEffect("networks are fitted on DATA and compared on its test part", "--part");
        networks.choices(this, networks());
        ThresholdRule rule = recipe.rule(this);
        FineTuneConfig config = recipe.config(this);
        reporting.check(this);
        DatasetSplit split = splitting.read(this, data);
        Report report = Report.of("Networks compared", data.toString(), split);
        print(
                new NetworkRuns(this, split, config, rule, splitting, auditing)
                        .run(data, report, networks, grown -> reporting.write(this, grown)));
        return ExitCode.OK;
    }

    private int compareSaved() {
        Recipe.withoutEffect(this, "saved classifiers are not trained");
        reporting.check(this);
        Map<String, Path> named = named();
        LabelSet labels = labels(named.values());
        DatasetSplit split =
                part.of(Splitting.dataset(this, data, splitting.labels().options(this, labels)));
        Report report = Report.of("Classifiers compared", data.toString(), split);
        if (!reporting.isRequested()) {
            report = report.withExamples(0, 0);
        }
        for (Map.Entry<String, Path> entry : named.entrySet()) {
            remark("%s", entry.getKey());
            try (CovidClassifier classifier = CovidClassifier.load(entry.getValue());
                    ExplainedModel model = ExplainedModel.of(classifier)) {
                Evaluation evaluation =
                        scoring(
                                entry.getValue(),
                                classifier,
                                scorer -> Evaluation.of(scorer, split.test()));
                report =
                        report.with(
                                entry.getKey(),
                                entry.getValue().equals(files.get(0)) // holds for all
                                        ? auditing.tested(this, classifier, evaluation)
                                        : evaluation,
                                OverlaySupplier.heatmaps(model, HeatmapMethod.cam()));
            }
        }
        print(report);
        reporting.write(this, report);
        return ExitCode.OK;
    }

    private void print(Report report) {
        print("%n%s%n%s", report.comparison(), NOTICE);
    }

    /** Opens each classifier before the long work; returns the labels of all. */
    private static LabelSet labels(Collection<Path> classifiers) {
        Map<LabelSet, Path> files = new LinkedHashMap<>();
        for (Path file : classifiers) {
            try (CovidClassifier classifier = CovidClassifier.load(file)) {
                if (classifier.threshold().isEmpty()) {
                    throw new IllegalArgumentException(
                            "%s has no threshold; expected one chosen when it was fine-tuned"
                                    .formatted(file));
                }
                files.putIfAbsent(classifier.labels(), file);
            }
        }
        if (files.size() > 1) {
            throw new IllegalArgumentException(
                    "the classifiers have different labels: %s; expected the same to compare"
                            .formatted(files));
        }
        return files.keySet().iterator().next();
    }

    /** The files by classifier name. */
    private Map<String, Path> named() {
        Map<String, Path> named = new LinkedHashMap<>();
        for (Path file : files) {
            if (named.putIfAbsent(name(file), file) != null) {
                throw usage("%s is given twice; expected different classifiers", file);
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
