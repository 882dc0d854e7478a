package org.deepcovid.eval.report;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.deepcovid.eval.metrics.ScoredLabels;

/** How the scores of a group of images are spread: its mean and quantiles. */
final class ScoreSpread {

    private ScoreSpread() {}

    /** By name, in the order of a table; quantiles are interpolated linearly. */
    static Map<String, Double> of(ScoredLabels scores) {
        DescriptiveStatistics all = new DescriptiveStatistics();
        for (int row = 0; row < scores.size(); row++) {
            all.addValue(scores.score(row));
        }
        all.setPercentileImpl(new Percentile().withEstimationType(Percentile.EstimationType.R_7));
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("mean", all.getMean());
        values.put("lowest", all.getMin());
        values.put("5 %", all.getPercentile(5));
        values.put("25 %", all.getPercentile(25));
        values.put("median", all.getPercentile(50));
        values.put("75 %", all.getPercentile(75));
        values.put("95 %", all.getPercentile(95));
        values.put("highest", all.getMax());
        return values;
    }
}
