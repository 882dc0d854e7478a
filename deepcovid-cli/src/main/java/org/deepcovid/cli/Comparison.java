package org.deepcovid.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.eval.metrics.Bootstrap;
import org.deepcovid.eval.metrics.Clusters;
import org.deepcovid.eval.metrics.ConfidenceInterval;
import org.deepcovid.eval.metrics.Metric;
import org.deepcovid.eval.metrics.Proportion;
import org.deepcovid.eval.metrics.comparison.HolmCorrection;
import org.deepcovid.eval.metrics.comparison.McNemarTest;
import org.deepcovid.eval.metrics.comparison.PairedDeLongTest;
import org.deepcovid.eval.report.Evaluation;

/** Classifiers evaluated on the same test images: a table of all, and tests of each pair. */
final class Comparison {

    private final Map<String, Evaluation> evaluations = new LinkedHashMap<>();
    private final Clusters patients;

    Comparison(List<LabelledImage> test) {
        patients = Clusters.byName(test.stream().map(LabelledImage::patient).toList());
    }

    void add(String name, Evaluation evaluation) {
        evaluations.put(name, evaluation);
    }

    /** Prints the table, and where there are two or more classifiers, the paired tests. */
    void print(Subcommand to) {
        Evaluation any = evaluations.values().iterator().next();
        to.print("%n%d images, %d covid", any.scores().size(), any.scores().positives());
        String row = "%-24s %-24s %-24s %-29s %s";
        to.print(
                row,
                "95 % intervals",
                "area under ROC",
                "average precision",
                "sensitivity",
                "specificity");
        evaluations.forEach(
                (name, e) ->
                        to.print(
                                row,
                                trained(e) ? name : name + " (RANDOM)",
                                estimate(
                                        e.roc().aucEstimate().auc(),
                                        e.roc().aucEstimate().interval()),
                                averagePrecision(e),
                                rate(e.rates().sensitivity()),
                                rate(e.rates().specificity())));
        to.print("intervals: DeLong's, patients resampled, Wilson's, Wilson's");
        if (!evaluations.values().stream().allMatch(Comparison::trained)) {
            to.print(
                    "RANDOM: weights that were never trained; these numbers say nothing about the"
                            + " network.");
        }
        if (evaluations.size() > 1) {
            printPairs(to);
        }
        to.print("%n%s", Subcommand.NOTICE);
    }

    private static boolean trained(Evaluation evaluation) {
        return evaluation.provenance().weights().trained();
    }

    private String averagePrecision(Evaluation evaluation) {
        return Bootstrap.seeded(1)
                .estimate(Metric.averagePrecision(), evaluation.scores(), patients)
                .map(e -> estimate(e.value(), e.interval()))
                .orElse("none");
    }

    private static String rate(Optional<Proportion> rate) {
        return rate.map(
                        p ->
                                "%s %d/%d"
                                        .formatted(
                                                estimate(p.estimate(), p.interval()),
                                                p.successes(),
                                                p.total()))
                .orElse("none");
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

        static Pair of(String first, String second, Evaluation one, Evaluation two) {
            return new Pair(
                    first,
                    second,
                    PairedDeLongTest.of(one.scores(), two.scores()),
                    mcNemar(one, two, McNemarTest.Cases.POSITIVE),
                    mcNemar(one, two, McNemarTest.Cases.NEGATIVE));
        }

        private static McNemarTest mcNemar(
                Evaluation one, Evaluation two, McNemarTest.Cases cases) {
            return McNemarTest.of(
                    one.scores(),
                    one.threshold().value(),
                    two.scores(),
                    two.threshold().value(),
                    cases);
        }

        OptionalDouble areasPValue() {
            return areas.pValue();
        }
    }

    private void printPairs(Subcommand to) {
        List<Pair> pairs = pairs();
        double[] areas = adjusted(pairs, pair -> pair.areasPValue().orElse(1));
        double[] covid = adjusted(pairs, pair -> pair.covid().exactPValue());
        double[] non = adjusted(pairs, pair -> pair.non().exactPValue());
        for (int i = 0; i < pairs.size(); i++) {
            Pair pair = pairs.get(i);
            to.print(
                    "%n%s and %s, p-values adjusted for %d pair%s",
                    pair.first(), pair.second(), pairs.size(), pairs.size() == 1 ? "" : "s");
            to.print(
                    "  area, first minus second   %+.4f [%+.4f, %+.4f]   p %s (DeLong)",
                    pair.areas().difference(),
                    pair.areas().interval().lower(),
                    pair.areas().interval().upper(),
                    pair.areasPValue().isPresent()
                            ? String.format(Locale.ROOT, "%.4f", areas[i])
                            : "none");
            printDecisions(to, "covid", pair.covid(), covid[i]);
            printDecisions(to, "other", pair.non(), non[i]);
        }
        to.print("%nA large p-value does not show that two classifiers are equal.");
    }

    private List<Pair> pairs() {
        List<Pair> pairs = new ArrayList<>();
        List<String> names = List.copyOf(evaluations.keySet());
        for (int i = 0; i < names.size(); i++) {
            for (String second : names.subList(i + 1, names.size())) {
                String first = names.get(i);
                pairs.add(Pair.of(first, second, evaluations.get(first), evaluations.get(second)));
            }
        }
        return pairs;
    }

    private static double[] adjusted(List<Pair> pairs, ToDoubleFunction<Pair> pValue) {
        return HolmCorrection.adjust(pairs.stream().mapToDouble(pValue).toArray());
    }

    private static void printDecisions(Subcommand to, String images, McNemarTest test, double p) {
        to.print(
                "  %s images that only one calls right: first %d, second %d   p %.4f (McNemar)",
                images, test.onlyFirstRight(), test.onlySecondRight(), p);
    }
}
