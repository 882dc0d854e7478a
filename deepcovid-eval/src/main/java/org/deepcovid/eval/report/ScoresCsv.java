package org.deepcovid.eval.report;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.data.LabelledImage;

/** One line per network and test image (RFC 4180, UTF-8, lines ended by a line feed). */
final class ScoresCsv {

    private ScoresCsv() {}

    static String of(Report report) {
        StringWriter text = new StringWriter();
        CSVFormat format = CSVFormat.RFC4180.builder().setRecordSeparator('\n').get();
        try (CSVPrinter csv = new CSVPrinter(text, format)) {
            csv.printRecord(
                    "network",
                    "image",
                    "patient",
                    "label",
                    "covid_score",
                    "threshold",
                    "called",
                    "remark");
            for (EvaluatedNetwork network : report.networks()) {
                print(csv, network, report.split().test());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.toString();
    }

    private static void print(CSVPrinter csv, EvaluatedNetwork network, List<LabelledImage> test)
            throws IOException {
        List<ScoredImage> scores = network.evaluation().testScores();
        for (int row = 0; row < scores.size(); row++) {
            ScoredImage image = scores.get(row);
            LabelledImage known = test.get(row);
            csv.printRecord(
                    network.name(),
                    image.imageId(),
                    known.patientKnown() ? known.patient() : "",
                    image.truth().name(),
                    image.covidProbability(),
                    network.evaluation().threshold().value(),
                    network.evaluation().threshold().apply(image.covidProbability()).name(),
                    String.join("; ", image.remarks()));
        }
    }
}
