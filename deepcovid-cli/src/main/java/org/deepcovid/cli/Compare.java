package org.deepcovid.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.data.DatasetSplit;
import org.deepcovid.core.data.XrayDataset;
import org.deepcovid.eval.explain.Cam;
import org.deepcovid.eval.explain.ExplainedModel;
import org.deepcovid.eval.metrics.ConfidenceInterval;
import org.deepcovid.eval.metrics.Proportion;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.comparison.HolmCorrection;
import org.deepcovid.eval.metrics.comparison.McNemarTest;
import org.deepcovid.eval.metrics.comparison.PairedDeLongTest;
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
        header = "Compares saved classifiers on the same labelled radiographs.",
        description =
                "Each with its own threshold. Areas under the ROC curve are compared by DeLong's"
                        + " test, decisions by McNemar's; p-values are adjusted by Holm for the"
                        + " number of pairs.",
        footer = {
            "",
            "Examples:",
            "  deepcovid compare a.deepcovid b.deepcovid --data radiographs/",
            "  deepcovid compare *.deepcovid --data manifest.csv --report comparison"
        })
final class Compare extends Job {

    private static final int FEWEST = 2;

    @Parameters(
            arity = "1..*",
            paramLabel = "CLASSIFIER",
            description = "two or more files of saved classifiers")
    private List<Path> files;

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
                    "${COMPLETION-CANDIDATES}; of data without marks, all (default"
                            + " ${DEFAULT-VALUE})")
    private Datasets.Part part = Datasets.Part.TEST;

    @Option(
            names = "--report",
            paramLabel = "FOLDER",
            description = "write a report with figures and heatmaps into this folder")
    private Path report;

    @Option(
            names = "--overwrite",
            arity = "0",
            fallbackValue = "true",
            description = "replace the report if it exists")
    private boolean overwrite;

    @Mixin private final ScoringOptions scoring = new ScoringOptions();

    private final Map<String, Evaluation> evaluations = new LinkedHashMap<>();

    @Override
    public Integer call() throws IOException {
        if (files.size() < FEWEST) {
            throw usage("1 classifier is given; expected two or more to compare");
        }
        Optional<ReportWriter> writer =
                Optional.ofNullable(report)
                        .map(folder -> ReportWriter.into(folder, ifExists(overwrite)));
        Map<String, Path> named = named();
        DatasetSplit split = Datasets.toTest(XrayDataset.read(data), part);
        Report study = Report.of("Classifiers compared", data.toString(), split);
        for (Map.Entry<String, Path> entry : named.entrySet()) {
            study = add(study, entry.getKey(), entry.getValue(), split, writer.isPresent());
        }
        summary();
        pairs();
        print("%n%s", NOTICE);
        if (writer.isPresent()) {
            print("report: %s", writer.get().write(study));
        }
        return ExitCode.OK;
    }

    /** The files by the names of their classifiers; each is opened, so that none fails later. */
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

    private Report add(Report study, String name, Path file, DatasetSplit split, boolean pictures)
            throws IOException {
        remark("%s", name);
        try (CovidClassifier classifier = CovidClassifier.load(file)) {
            Evaluation evaluation =
                    scoring.scoring(
                            this,
                            file,
                            classifier,
                            scorer -> Evaluation.of(classifier, split.test(), scorer::score));
            evaluations.put(name, evaluation);
            if (!pictures) {
                return study;
            }
            try (ExplainedModel model = ExplainedModel.of(classifier)) {
                return study.with(name, evaluation, OverlaySupplier.heatmaps(model, new Cam()));
            }
        }
    }

    /** File names tell classifiers apart, or else whole paths. */
    private String name(Path file) {
        String stem = HeatmapPictures.stem(file);
        long alike = files.stream().filter(f -> HeatmapPictures.stem(f).equals(stem)).count();
        return alike == 1 ? stem : file.toString();
    }

    private void summary() {
        Evaluation any = evaluations.values().iterator().next();
        print("%d images, %d covid", any.scores().size(), any.scores().positives());
        print(
                "%n%-24s %-24s %-24s %-24s",
                "95 % intervals", "area under ROC", "sensitivity", "specificity");
        evaluations.forEach(
                (name, e) ->
                        print(
                                "%-24s %-24s %-24s %-24s",
                                name,
                                estimate(
                                        e.roc().aucEstimate().auc(),
                                        e.roc().aucEstimate().interval()),
                                rate(e.rates().sensitivity()),
                                rate(e.rates().specificity())));
    }

    private static String rate(Optional<Proportion> rate) {
        return rate.map(p -> estimate(p.estimate(), p.interval())).orElse("none");
    }

    private static String estimate(double value, ConfidenceInterval interval) {
        return String.format(
                Locale.ROOT, "%.4f [%.4f, %.4f]", value, interval.lower(), interval.upper());
    }

    private record Pair(
            String first,
            String second,
            PairedDeLongTest areas,
            McNemarTest covid,
            McNemarTest non) {

        OptionalDouble areasPValue() {
            return areas.pValue();
        }
    }

    private void pairs() {
        List<Pair> pairs = new ArrayList<>();
        List<String> names = List.copyOf(evaluations.keySet());
        for (int i = 0; i < names.size(); i++) {
            for (int j = i + 1; j < names.size(); j++) {
                pairs.add(pair(names.get(i), names.get(j)));
            }
        }
        double[] areas =
                HolmCorrection.adjust(
                        pairs.stream().mapToDouble(p -> p.areasPValue().orElse(1)).toArray());
        double[] covid =
                HolmCorrection.adjust(
                        pairs.stream().mapToDouble(p -> p.covid().exactPValue()).toArray());
        double[] non =
                HolmCorrection.adjust(
                        pairs.stream().mapToDouble(p -> p.non().exactPValue()).toArray());
        for (int i = 0; i < pairs.size(); i++) {
            Pair pair = pairs.get(i);
            print(
                    "%n%s and %s, p-values adjusted for %d pair%s",
                    pair.first(), pair.second(), pairs.size(), pairs.size() == 1 ? "" : "s");
            print(
                    "  area, first minus second   %+.4f [%+.4f, %+.4f]   p %s (DeLong)",
                    pair.areas().difference(),
                    pair.areas().interval().lower(),
                    pair.areas().interval().upper(),
                    pair.areasPValue().isPresent()
                            ? String.format(Locale.ROOT, "%.4f", areas[i])
                            : "none");
            decisions("covid", pair.covid(), covid[i]);
            decisions("other", pair.non(), non[i]);
        }
        print("%nA large p-value does not say that two classifiers are equal.");
    }

    private void decisions(String images, McNemarTest test, double p) {
        print(
                "  %s images that only one calls right: first %d, second %d   p %.4f (McNemar)",
                images, test.onlyFirstRight(), test.onlySecondRight(), p);
    }

    private Pair pair(String first, String second) {
        Evaluation one = evaluations.get(first);
        Evaluation two = evaluations.get(second);
        return new Pair(
                first,
                second,
                PairedDeLongTest.of(one.scores(), two.scores()),
                mcNemar(one, two, McNemarTest.Cases.POSITIVE),
                mcNemar(one, two, McNemarTest.Cases.NEGATIVE));
    }

    private static McNemarTest mcNemar(Evaluation one, Evaluation two, McNemarTest.Cases cases) {
        ScoredLabels first = one.scores();
        ScoredLabels second = two.scores();
        return McNemarTest.of(
                first, one.threshold().value(), second, two.threshold().value(), cases);
    }
}
