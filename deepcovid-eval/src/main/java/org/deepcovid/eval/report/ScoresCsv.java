package org.deepcovid.eval.report;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.ReviewRange;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.io.CsvCells;

/** One line per network and test image (RFC 4180, UTF-8, lines ended by a line feed). */
final class ScoresCsv {

    private ScoresCsv() {}

    /**
     * The file as text.
     *
     * @param patients whether a column names them
     */
    static String of(Report report, boolean patients) {
        List<List<?>> rows = new ArrayList<>();
        rows.add(columns(report.networks().get(0).evaluation().labels(), patients));
        for (EvaluatedNetwork network : report.networks()) {
            add(rows, network, report.split().test(), patients);
        }
        return text(rows);
    }

    /** Rows of cells, the header first. */
    static String text(List<List<?>> rows) {
        StringWriter text = new StringWriter();
        try {
            CsvCells.write(text, rows);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.toString();
    }

    /** Of more than two labels: a score for each, and the most likely one. */
    private static List<String> columns(LabelSet labels, boolean patients) {
        List<String> columns = new ArrayList<>(List.of("network", "image"));
        if (patients) {
            columns.add("patient");
        }
        columns.add("label");
        labels.counted().forEach(label -> columns.add(label + "_score"));
        columns.addAll(List.of("threshold", "called"));
        if (labels.several()) {
            columns.add("most_likely");
        }
        columns.addAll(List.of("remark", "distance", "calibration"));
        return columns;
    }

    private static void add(
            List<List<?>> rows,
            EvaluatedNetwork network,
            List<LabelledImage> test,
            boolean patients) {
        LabelSet labels = network.evaluation().labels();
        DecisionThreshold threshold = network.evaluation().threshold();
        List<ScoredImage> scores = network.evaluation().testScores();
        for (int row = 0; row < scores.size(); row++) {
            ScoredImage image = scores.get(row);
            LabelledImage known = test.get(row);
            List<Object> cells = new ArrayList<>();
            cells.add(network.name());
            cells.add(image.imageId());
            if (patients) {
                cells.add(known.patientKnown() ? known.patient() : "");
            }
            cells.add(image.truth());
            labels.counted().forEach(label -> cells.add(image.probabilities().of(label)));
            cells.add(threshold.value());
            cells.add(called(threshold, image.positiveProbability(), labels));
            if (labels.several()) {
                cells.add(image.probabilities().mostLikely());
            }
            cells.add(String.join("; ", image.remarks()));
            image.distance().ifPresentOrElse(cells::add, () -> cells.add(""));
            cells.add(network.evaluation().decisions().scoresName());
            rows.add(cells);
        }
    }

    private static String called(DecisionThreshold threshold, double score, LabelSet labels) {
        if (threshold.needsReview(score)) {
            return ReviewRange.ANSWER;
        }
        return threshold.isReachedBy(score) ? labels.positive().name() : labels.rest();
    }
}
