package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.deepcovid.core.Decisions;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.eval.decision.CalibrationChoice;
import org.deepcovid.eval.decision.DecisionPolicy;
import org.deepcovid.eval.metrics.BinaryRates;
import org.deepcovid.eval.metrics.ConfusionMatrix;
import org.deepcovid.eval.metrics.ScoredLabels;

/**
 * What calibration and threshold are worth on images that they were not chosen on, by the number of
 * images that they were chosen on: random parts of a sample, by patient, and the rest of it.
 */
public final class LearningCurve {

    private static final int DRAWS = 100;
    private static final int FEWEST = 10;
    private static final double SURE = 0.9;
    private static final double SPREAD = 0.2;
    private static final double LOWEST_SCORE = 1e-12;

    private LearningCurve() {}

    /**
     * Parts of one size.
     *
     * @param images of a part, or a few more, since whole patients are drawn
     * @param draws parts from which something could be chosen, of 100
     * @param logLoss mean over the draws
     * @param improved share of all draws with a lower log loss than before
     * @param sensitivity at the chosen threshold: 5 %, median and 95 % of the draws
     * @param specificity likewise
     */
    public record Step(
            int images,
            int draws,
            double logLoss,
            double improved,
            List<Double> sensitivity,
            List<Double> specificity) {

        public Step {
            sensitivity = List.copyOf(sensitivity);
            specificity = List.copyOf(specificity);
        }

        /**
         * Whether as many images are enough: in at least 90 % of the draws something can be chosen
         * and the log loss is lower than before (if scores are calibrated), and between the 5 % and
         * the 95 % of the draws the sensitivity differs by at most 0.2.
         */
        public boolean isEnough(CalibrationChoice calibration) {
            return draws >= SURE * DRAWS
                    && (calibration == CalibrationChoice.NONE || improved >= SURE)
                    && sensitivity.get(2) - sensitivity.get(0) <= SPREAD;
        }

        String toText() {
            return String.format(
                    Locale.ROOT,
                    "%-8d %-11s %-22s %-18s %-18s",
                    images,
                    draws == 0 ? Format.NONE : Format.number(logLoss),
                    Format.percent(improved),
                    range(sensitivity),
                    range(specificity));
        }

        private static String range(List<Double> values) {
            return values.isEmpty()
                    ? Format.NONE
                    : Format.number(values.get(0)) + " to " + Format.number(values.get(2));
        }
    }

    /**
     * Draws parts of 10, 20, 40, ... images, up to half of the sample.
     *
     * @param raw scores of a classifier without a calibration, in the order of the images
     * @param images their patients
     * @param before decisions of the classifier as it was
     * @param policy how to choose
     * @param seed of the draws
     */
    public static List<Step> of(
            List<ScoredImage> raw,
            List<LabelledImage> images,
            Decisions before,
            DecisionPolicy policy,
            long seed) {
        Map<String, List<Integer>> patients = new LinkedHashMap<>();
        for (int row = 0; row < raw.size(); row++) {
            patients.computeIfAbsent(images.get(row).patient(), name -> new ArrayList<>()).add(row);
        }
        double[] losses =
                raw.stream().map(before::applyTo).mapToDouble(LearningCurve::loss).toArray();
        List<Step> steps = new ArrayList<>();
        for (int size = FEWEST; size <= raw.size() / 2; size *= 2) {
            steps.add(step(raw, patients.values(), losses, policy, size, new Random(seed + size)));
        }
        return steps;
    }

    /** The fewest images from which on all steps are enough. */
    static OptionalInt enough(List<Step> steps, CalibrationChoice calibration) {
        OptionalInt fewest = OptionalInt.empty();
        for (int i = steps.size() - 1; i >= 0 && steps.get(i).isEnough(calibration); i--) {
            fewest = OptionalInt.of(steps.get(i).images());
        }
        return fewest;
    }

    /** When a number of images is enough, in words. */
    static String criterion(CalibrationChoice calibration) {
        String steady = "between 5 and 95 % of the draws the sensitivity varies by at most 0.2";
        return calibration == CalibrationChoice.NONE
                ? steady
                : "in at least 90 % of the draws the log loss is lower than before, and " + steady;
    }

    private static Step step(
            List<ScoredImage> raw,
            Collection<List<Integer>> patients,
            double[] lossesBefore,
            DecisionPolicy policy,
            int size,
            Random random) {
        List<Double> losses = new ArrayList<>();
        List<BinaryRates> rates = new ArrayList<>();
        int improved = 0;
        for (int draw = 0; draw < DRAWS; draw++) {
            Set<Integer> chosen = draw(patients, size, random);
            int[] others =
                    IntStream.range(0, raw.size()).filter(i -> !chosen.contains(i)).toArray();
            List<ScoredImage> part = chosen.stream().map(raw::get).toList();
            List<ScoredImage> rest = Arrays.stream(others).mapToObj(raw::get).toList();
            if (hasBothClasses(part) && hasBothClasses(rest)) {
                try {
                    Decisions decisions = policy.choose(part, "a part");
                    List<ScoredImage> shown = rest.stream().map(decisions::applyTo).toList();
                    double loss = shown.stream().mapToDouble(LearningCurve::loss).sum();
                    losses.add(loss / others.length);
                    improved +=
                            loss < Arrays.stream(others).mapToDouble(i -> lossesBefore[i]).sum()
                                    ? 1
                                    : 0;
                    rates.add(
                            BinaryRates.of(
                                    ConfusionMatrix.at(
                                            ScoredLabels.of(shown),
                                            decisions.threshold().orElseThrow().value())));
                } catch (IllegalStateException e) {
                    // nothing can be chosen on this part
                }
            }
        }
        return new Step(
                size,
                losses.size(),
                losses.stream().mapToDouble(Double::doubleValue).average().orElse(0),
                improved / (double) DRAWS,
                quantiles(
                        rates.stream().map(r -> r.sensitivity().orElseThrow().estimate()).toList()),
                quantiles(
                        rates.stream()
                                .map(r -> r.specificity().orElseThrow().estimate())
                                .toList()));
    }

    /** Rows of whole patients, in random order, until there are enough. */
    private static Set<Integer> draw(Collection<List<Integer>> patients, int size, Random random) {
        List<List<Integer>> shuffled = new ArrayList<>(patients);
        Collections.shuffle(shuffled, random);
        Set<Integer> rows = new LinkedHashSet<>();
        for (int i = 0; i < shuffled.size() && rows.size() < size; i++) {
            rows.addAll(shuffled.get(i));
        }
        return rows;
    }

    private static boolean hasBothClasses(List<ScoredImage> images) {
        return !images.isEmpty() && ScoredLabels.of(images).hasBothClasses();
    }

    private static double loss(ScoredImage image) {
        return -Math.log(Math.max(LOWEST_SCORE, image.probabilities().of(image.truth())));
    }

    private static List<Double> quantiles(List<Double> values) {
        if (values.isEmpty()) {
            return List.of();
        }
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return Arrays.stream(new double[] {0.05, 0.5, 0.95})
                .mapToObj(share -> sorted[(int) Math.round(share * (sorted.length - 1))])
                .toList();
    }
}
