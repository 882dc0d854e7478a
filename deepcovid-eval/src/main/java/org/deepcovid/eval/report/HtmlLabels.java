package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deepcovid.eval.metrics.ClassResults;
import org.deepcovid.eval.metrics.ClassResults.Average;
import org.deepcovid.eval.metrics.ClassResults.Measure;
import org.deepcovid.eval.metrics.ConfusionTable;

/** The parts of the page about all labels, of networks that have more than two. */
final class HtmlLabels {

    private HtmlLabels() {}

    static void write(Html html, Evaluation evaluation, LabelResults results) {
        html.element("h3", "All labels");
        html.element(
                "p",
                ("The predicted label is the most likely one; the threshold decides only between %s"
                                + " and %s. The two disagree on %d of %d test images, which"
                                + " scores.csv shows. The table takes each label against all"
                                + " others. Brackets hold 95 %% intervals: DeLong's for the area,"
                                + " Wilson's for precision and recall, from resampled patients for"
                                + " the others and for the averages.")
                        .formatted(
                                evaluation.labels().positive(),
                                evaluation.labels().rest(),
                                results.disagreements(),
                                evaluation.testScores().size()));
        html.table(Html.Table.of("Each label against all others", results.table()))
                .table(confusion(results.results().confusion()));
    }

    private static Html.Table confusion(ConfusionTable counts) {
        List<String> columns = new ArrayList<>(List.of("label of the dataset"));
        counts.names().forEach(name -> columns.add("called " + name));
        Html.Table table =
                new Html.Table(
                        "Confusion matrix: share of each row, 95 % interval, count",
                        columns.toArray(String[]::new));
        for (int row = 0; row < counts.names().size(); row++) {
            List<String> cells = new ArrayList<>(List.of(counts.names().get(row)));
            for (int column = 0; column < counts.names().size(); column++) {
                cells.add(Format.rate(counts.rowShare(row, column)));
            }
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }

    /** One line per network. */
    static Html.Table averages(List<EvaluatedNetwork> networks) {
        Html.Table table =
                new Html.Table(
                        "All labels, by the most likely one; averages with intervals from resampled"
                                + " patients",
                        "network",
                        "accuracy",
                        "balanced accuracy",
                        "macro average of the areas",
                        "weighted average of the areas",
                        "macro average of F1",
                        "weighted average of F1");
        for (EvaluatedNetwork network : networks) {
            LabelResults results = network.results().labels().orElseThrow();
            table.row(
                    network.name(),
                    Format.share(Optional.of(results.results().confusion().accuracy())),
                    Format.estimate(results.balancedAccuracy()),
                    Format.estimate(results.average(Average.MACRO, Measure.AUC)),
                    Format.estimate(results.average(Average.WEIGHTED, Measure.AUC)),
                    Format.estimate(results.average(Average.MACRO, Measure.F1)),
                    Format.estimate(results.average(Average.WEIGHTED, Measure.F1)));
        }
        return table;
    }

    /** One line per label, one column per network. */
    static void compare(Html html, List<EvaluatedNetwork> networks) {
        html.table(
                compared("Area under the ROC curve of each label", networks, LabelResults::area));
        html.table(
                compared(
                        "Recall of each label, the predicted one being the most likely",
                        networks,
                        label -> Format.share(label.rates().sensitivity())));
    }

    private static Html.Table compared(
            String caption,
            List<EvaluatedNetwork> networks,
            Function<ClassResults.OneVersusRest, String> value) {
        Stream<String> names = networks.stream().map(EvaluatedNetwork::name);
        Html.Table table =
                new Html.Table(
                        caption, Stream.concat(Stream.of("label"), names).toArray(String[]::new));
        List<String> labels = networks.get(0).evaluation().labels().names();
        for (int c = 0; c < labels.size(); c++) {
            List<String> cells = new ArrayList<>(List.of(labels.get(c)));
            for (EvaluatedNetwork network : networks) {
                cells.add(
                        value.apply(
                                network.results()
                                        .labels()
                                        .orElseThrow()
                                        .results()
                                        .classes()
                                        .get(c)));
            }
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }
}
