package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.eval.metrics.Bootstrap;
import org.deepcovid.eval.metrics.Metric;
import org.deepcovid.eval.metrics.ScoredLabels;
import org.deepcovid.eval.metrics.comparison.HolmCorrection;
import org.deepcovid.eval.metrics.comparison.McNemarTest;
import org.deepcovid.eval.metrics.comparison.PairedDeLongTest;

/** Every pair of networks on the same test images, p-values adjusted for the number of pairs. */
final class Comparison {

    /**
     * Test results for two networks, before adjustment.
     *
     * @param first name of one network
     * @param second name of the other
     * @param deLong empty where a class has a single image
     * @param aucByPatient difference of the areas, from resampled patients
     * @param positives decisions on COVID images, each network at its own threshold; empty without
     *     such images
     * @param negatives decisions on the others; empty without others
     */
    record Tests(
            String first,
            String second,
            Optional<PairedDeLongTest> deLong,
            Optional<Bootstrap.Estimate> aucByPatient,
            Optional<McNemarTest> positives,
            Optional<McNemarTest> negatives) {

        OptionalDouble deLongPValue() {
            return deLong.map(PairedDeLongTest::pValue).orElse(OptionalDouble.empty());
        }
    }

    /**
     * The same with p-values adjusted by Holm over all pairs.
     *
     * @param deLong empty where there is no p-value
     * @param positives of McNemar's exact test on COVID images; empty without such images
     * @param negatives of the same on the others
     */
    record Pair(
            Tests tests,
            OptionalDouble deLong,
            OptionalDouble positives,
            OptionalDouble negatives) {}

    private Comparison() {}

    static List<Pair> pairs(List<EvaluatedNetwork> networks, List<LabelledImage> test) {
        NetworkResults.Resampling resampling = NetworkResults.Resampling.of(test);
        List<Tests> tests = new ArrayList<>();
        for (int i = 0; i < networks.size(); i++) {
            for (int j = i + 1; j < networks.size(); j++) {
                tests.add(tests(networks.get(i), networks.get(j), resampling));
            }
        }
        OptionalDouble[] deLong = holm(tests, Tests::deLongPValue);
        OptionalDouble[] positives = holm(tests, pair -> exact(pair.positives()));
        OptionalDouble[] negatives = holm(tests, pair -> exact(pair.negatives()));
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < deLong.length; i++) {
            pairs.add(new Pair(tests.get(i), deLong[i], positives[i], negatives[i]));
        }
        return pairs;
    }

    private static OptionalDouble exact(Optional<McNemarTest> test) {
        return test.map(found -> OptionalDouble.of(found.exactPValue()))
                .orElseGet(OptionalDouble::empty);
    }

    private static Tests tests(
            EvaluatedNetwork first, EvaluatedNetwork second, NetworkResults.Resampling resampling) {
        ScoredLabels one = first.evaluation().scores();
        ScoredLabels two = second.evaluation().scores();
        boolean enough = one.positives() > 1 && one.negatives() > 1;
        return new Tests(
                first.name(),
                second.name(),
                enough ? Optional.of(PairedDeLongTest.of(one, two)) : Optional.empty(),
                resampling.bootstrap().difference(Metric.auc(), one, two, resampling.patients()),
                one.positives() > 0
                        ? Optional.of(mcNemar(first, second, McNemarTest.Cases.POSITIVE))
                        : Optional.empty(),
                one.negatives() > 0
                        ? Optional.of(mcNemar(first, second, McNemarTest.Cases.NEGATIVE))
                        : Optional.empty());
    }

    private static McNemarTest mcNemar(
            EvaluatedNetwork first, EvaluatedNetwork second, McNemarTest.Cases selection) {
        return McNemarTest.of(
                first.evaluation().scores(),
                first.evaluation().threshold().value(),
                second.evaluation().scores(),
                second.evaluation().threshold().value(),
                selection);
    }

    /** Adjusts the p-values that are present; the others stay empty. */
    private static OptionalDouble[] holm(
            List<Tests> pairs, Function<Tests, OptionalDouble> pValue) {
        double[] known =
                pairs.stream()
                        .map(pValue)
                        .filter(OptionalDouble::isPresent)
                        .mapToDouble(OptionalDouble::getAsDouble)
                        .toArray();
        double[] adjusted = HolmCorrection.adjust(known);
        OptionalDouble[] all = new OptionalDouble[pairs.size()];
        int next = 0;
        for (int i = 0; i < all.length; i++) {
            boolean present = pValue.apply(pairs.get(i)).isPresent();
            all[i] = present ? OptionalDouble.of(adjusted[next++]) : OptionalDouble.empty();
        }
        return all;
    }
}
