package org.deepcovid.eval.metrics;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Chooses the groups of a curve that are worth drawing. */
final class CurveSimplifier {

    private CurveSimplifier() {}

    static IntStream roc(ScoreGroups groups, int maxPoints) {
        if (maxPoints < 3) {
            throw new IllegalArgumentException(
                    "maxPoints is %d; expected at least 3".formatted(maxPoints));
        }
        int[] corners =
                IntStream.range(0, groups.size()).filter(g -> isCorner(groups, g)).toArray();
        return corners.length <= maxPoints
                ? Arrays.stream(corners)
                : thinned(groups, corners, 4.0 / (maxPoints - 2));
    }

    private static boolean isCorner(ScoreGroups groups, int group) {
        if (group == 0 || group == groups.size() - 1) {
            return true;
        }
        long cross =
                (long) groups.positivesIn(group) * groups.negativesIn(group + 1)
                        - (long) groups.negativesIn(group) * groups.positivesIn(group + 1);
        return cross != 0;
    }

    /**
     * Walks along the curve and keeps the last corner before width plus height would exceed the
     * step. Any two consecutive spans together exceed it, and all sum to 2, which bounds the count.
     */
    private static IntStream thinned(ScoreGroups groups, int[] corners, double step) {
        IntStream.Builder kept = IntStream.builder();
        kept.add(corners[0]);
        int last = corners[0];
        for (int i = 1; i < corners.length - 1; i++) {
            if (pathLength(groups, corners[i + 1]) - pathLength(groups, last) > step) {
                last = corners[i];
                kept.add(last);
            }
        }
        return kept.add(corners[corners.length - 1]).build();
    }

    private static double pathLength(ScoreGroups groups, int group) {
        return groups.truePositives(group) / (double) groups.positives()
                + groups.falsePositives(group) / (double) groups.negatives();
    }

    static IntStream precisionRecall(ScoreGroups groups, int maxPoints) {
        if (maxPoints < 4) {
            throw new IllegalArgumentException(
                    "maxPoints is %d; expected at least 4".formatted(maxPoints));
        }
        int last = groups.size() - 1;
        if (last <= maxPoints) {
            return IntStream.rangeClosed(1, last);
        }
        int strips = (maxPoints - 2) / 2;
        int[] lowest = new int[strips];
        int[] highest = new int[strips];
        for (int group = 2; group < last; group++) {
            int strip = strip(groups, group, strips);
            lowest[strip] = better(groups, lowest[strip], group, -1);
            highest[strip] = better(groups, highest[strip], group, 1);
        }
        IntStream extremes = IntStream.concat(Arrays.stream(lowest), Arrays.stream(highest));
        return IntStream.concat(IntStream.of(1, last), extremes.filter(group -> group > 0))
                .sorted()
                .distinct();
    }

    private static int strip(ScoreGroups groups, int group, int strips) {
        long scaled = (long) groups.truePositives(group) * strips / groups.positives();
        return (int) Math.min(scaled, strips - 1L);
    }

    private static int better(ScoreGroups groups, int kept, int candidate, int sign) {
        return kept == 0 || sign * (precision(groups, candidate) - precision(groups, kept)) > 0
                ? candidate
                : kept;
    }

    private static double precision(ScoreGroups groups, int group) {
        double truePositives = groups.truePositives(group);
        return truePositives / (truePositives + groups.falsePositives(group));
    }
}
