package org.deepcovid.eval.report.figure;

import java.util.List;
import org.deepcovid.core.training.EpochSummary;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Training and validation loss, epoch by epoch. */
public final class TrainingFigure {

    private TrainingFigure() {}

    /**
     * Both losses, with the kept epoch marked.
     *
     * @param name of the figure
     * @param history one entry an epoch, at least one
     * @param chosenEpoch the kept epoch, from 1
     * @return the figure
     * @throws IllegalArgumentException if there is no such epoch
     */
    public static Figure of(String name, List<EpochSummary> history, int chosenEpoch) {
        if (chosenEpoch < 1 || chosenEpoch > history.size()) {
            throw new IllegalArgumentException(
                    "chosenEpoch is %d; expected 1 to %d".formatted(chosenEpoch, history.size()));
        }
        CurveChart chart =
                Charts.chart("Training", "epoch", "mean cross-entropy", Charts.HEIGHT + 40);
        double highest =
                history.stream()
                        .mapToDouble(e -> Math.max(e.trainingLoss(), e.validationLoss()))
                        .max()
                        .orElseThrow();
        chart.getStyler()
                .setYAxisMin(0.0)
                .setYAxisMax(highest > 0 ? highest * 1.05 : 1)
                .setXAxisMin(0.0)
                .setXAxisMax(Math.max(2.0, history.size()))
                .setXAxisDecimalPattern("0")
                .setXAxisTickMarkSpacingHint(60);
        double[] epochs = Charts.values(history, EpochSummary::epoch);
        Charts.line(
                chart,
                "training",
                epochs,
                Charts.values(history, EpochSummary::trainingLoss),
                Palette.FIRST,
                Charts.SOLID);
        Charts.line(
                chart,
                "validation",
                epochs,
                Charts.values(history, EpochSummary::validationLoss),
                Palette.SECOND,
                Charts.DASHED);
        EpochSummary kept = history.get(chosenEpoch - 1);
        String label = "kept: epoch %d of %d".formatted(chosenEpoch, history.size());
        Charts.points(
                chart,
                label,
                new double[] {chosenEpoch},
                new double[] {kept.validationLoss()},
                Palette.INK,
                SeriesMarkers.DIAMOND);
        return Charts.figure(
                name,
                "Training losses are those of the batches as they came, before each update;"
                        + " validation losses are of the epoch's end.",
                ("Mean cross-entropy against epoch: training, a solid line, and validation, a"
                                + " dashed line; %s, with a validation loss of %s.")
                        .formatted(label, Charts.number(kept.validationLoss())),
                chart);
    }
}
