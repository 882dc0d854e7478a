package org.deepcovid.eval.report;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.core.training.EpochSummary;

/** The training curves: one line per network and epoch, in the form of {@link ScoresCsv}. */
final class EpochsCsv {

    private EpochsCsv() {}

    static String of(Report report) {
        StringWriter text = new StringWriter();
        CSVFormat format = CSVFormat.RFC4180.builder().setRecordSeparator('\n').get();
        try (CSVPrinter csv = new CSVPrinter(text, format)) {
            csv.printRecord(
                    "network",
                    "epoch",
                    "learning_rate",
                    "training_loss",
                    "validation_loss",
                    "kept");
            for (EvaluatedNetwork network : report.networks()) {
                ModelProvenance made = network.evaluation().provenance();
                for (EpochSummary epoch : made.history()) {
                    csv.printRecord(
                            network.name(),
                            epoch.epoch(),
                            made.config().learningRateAt(epoch.epoch()),
                            epoch.trainingLoss(),
                            epoch.validationLoss(),
                            epoch.epoch() == made.chosenEpoch());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.toString();
    }
}
