package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.List;
import org.deepcovid.core.provenance.ModelProvenance;
import org.deepcovid.core.training.EpochSummary;

/** The training curves: one line per network and epoch, in the form of {@link ScoresCsv}. */
final class EpochsCsv {

    private EpochsCsv() {}

    static String of(Report report) {
        List<List<?>> rows = new ArrayList<>();
        rows.add(
                List.of(
                        "network",
                        "epoch",
                        "learning_rate",
                        "training_loss",
                        "validation_loss",
                        "kept"));
        for (EvaluatedNetwork network : report.networks()) {
            ModelProvenance made = network.evaluation().provenance();
            for (EpochSummary epoch : made.history()) {
                rows.add(
                        List.of(
                                network.name(),
                                epoch.epoch(),
                                made.config().learningRateAt(epoch.epoch()),
                                epoch.trainingLoss(),
                                epoch.validationLoss(),
                                epoch.epoch() == made.chosenEpoch()));
            }
        }
        return ScoresCsv.text(rows);
    }
}
