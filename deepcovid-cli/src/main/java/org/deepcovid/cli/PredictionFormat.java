package org.deepcovid.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.deepcovid.core.Prediction;
import org.deepcovid.core.ReviewRange;
import org.deepcovid.core.data.Label;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.io.CsvCells;

/**
 * Formats of scores, one line per file. With two labels a line has the score of the positive label
 * and the label at the threshold; with more, the score of every label, the most likely label, and
 * whether the image is positive at the threshold.
 */
enum PredictionFormat {
    /** Plain text in columns. */
    TABLE {
        @Override
        Optional<String> header(ShownScores shown) {
            List<String> cells = new ArrayList<>();
            if (shown.several()) {
                cells.addAll(shown.labels().names());
                cells.addAll(List.of("threshold", "called", "positive"));
            } else {
                cells.addAll(List.of("score", "threshold", "called"));
            }
            cells.add("distance");
            if (shown.hasSets()) {
                cells.add("labels");
            }
            return Optional.of(row(shown.labels(), cells, "file"));
        }

        @Override
        String line(ShownScores shown, Path file, Optional<Prediction> prediction, String problem) {
            List<String> cells = new ArrayList<>();
            shown.scored()
                    .forEach(
                            label ->
                                    cells.add(
                                            prediction
                                                    .map(p -> p.probabilities().of(label))
                                                    .map(p -> String.format(Locale.ROOT, "%.4f", p))
                                                    .orElse("-")));
            cells.add(
                    prediction
                            .flatMap(Prediction::threshold)
                            .map(t -> String.format(Locale.ROOT, "%.4f", t.value()))
                            .orElse("-"));
            cells.add(called(prediction).orElse("-"));
            if (shown.several()) {
                cells.add(
                        isReview(prediction)
                                ? ReviewRange.ANSWER
                                : positive(prediction).map(yes -> yes ? "yes" : "no").orElse("-"));
            }
            cells.add(distance(prediction).orElse("-"));
            if (shown.hasSets()) {
                cells.add(shown.set(prediction).map(PredictionFormat::set).orElse("-"));
            }
            String problemShown = prediction.isPresent() ? "" : "  (%s)".formatted(problem);
            String remark =
                    prediction
                            .map(PredictionFormat::remark)
                            .filter(text -> !text.isEmpty())
                            .map("  (%s)"::formatted)
                            .orElse("");
            return row(shown.labels(), cells, file + problemShown + remark);
        }

        private String row(LabelSet labels, List<String> cells, String file) {
            StringBuilder row = new StringBuilder();
            for (int i = 0; i < cells.size(); i++) {
                int width = labels.several() ? width(labels, i) : TWO_LABELS[i];
                row.append(("%-" + width + "s  ").formatted(cells.get(i)));
            }
            return row.append(PlainText.line(file)).toString();
        }

        private int width(LabelSet labels, int column) {
            List<String> names = labels.names();
            if (column < names.size()) {
                return Math.max(6, names.get(column).length());
            }
            return switch (column - names.size()) {
                case 0 -> THRESHOLD_WIDTH;
                case 1 -> names.stream().mapToInt(String::length).max().orElseThrow();
                default -> 8;
            };
        }
    },
    /** Comma-separated values (RFC 4180) with a header. */
    CSV {
        @Override
        Optional<String> header(ShownScores shown) {
            List<String> columns = new ArrayList<>(List.of("file"));
            shown.scored().forEach(label -> columns.add(label + "_score"));
            columns.addAll(List.of("threshold", "called"));
            if (shown.several()) {
                columns.add("positive");
            }
            columns.addAll(List.of("error", "remark", "distance", "calibration"));
            if (shown.hasSets()) {
                columns.add("labels");
            }
            return Optional.of(row(columns));
        }

        @Override
        String line(ShownScores shown, Path file, Optional<Prediction> prediction, String problem) {
            List<Object> cells = new ArrayList<>(List.of(file));
            for (Label label : shown.scored()) {
                cells.add(prediction.map(p -> text(p.probabilities().of(label))).orElse(""));
            }
            cells.add(
                    prediction.flatMap(Prediction::threshold).map(t -> text(t.value())).orElse(""));
            cells.add(called(prediction).orElse(""));
            if (shown.several()) {
                cells.add(
                        isReview(prediction)
                                ? ReviewRange.ANSWER
                                : positive(prediction).map(String::valueOf).orElse(""));
            }
            cells.add(problem);
            cells.add(prediction.map(PredictionFormat::remark).orElse(""));
            cells.add(distance(prediction).orElse(""));
            cells.add(prediction.isPresent() ? shown.decisions().scoresName() : "");
            if (shown.hasSets()) {
                cells.add(shown.set(prediction).map(PredictionFormat::set).orElse(""));
            }
            return row(cells);
        }

        private String row(List<?> cells) {
            return CSVFormat.RFC4180.format(cells.stream().map(CsvCells::written).toArray());
        }

        private String text(double value) {
            return Double.toString(value);
        }
    },
    /** One JSON object per line. */
    JSONL {
        @Override
        Optional<String> header(ShownScores shown) {
            return Optional.empty();
        }

        @Override
        String line(ShownScores shown, Path file, Optional<Prediction> prediction, String problem) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            object.put("file", file.toString());
            prediction.ifPresent(p -> scores(object, shown, p));
            called(prediction).ifPresent(label -> object.put("called", label));
            if (shown.several() && !isReview(prediction)) {
                positive(prediction).ifPresent(yes -> object.put("positive", yes));
            }
            if (isReview(prediction)) {
                object.put(ReviewRange.ANSWER, true);
            }
            shown.set(prediction).ifPresent(set -> set.forEach(object.putArray("labels")::add));
            if (prediction.isEmpty()) {
                object.put("error", problem);
            }
            prediction
                    .map(PredictionFormat::remark)
                    .filter(text -> !text.isEmpty())
                    .ifPresent(text -> object.put("remark", text));
            prediction.ifPresent(p -> p.distance().ifPresent(d -> object.put("distance", d)));
            return PlainText.of(object.toString()); // as JSON escapes them, too
        }

        private void scores(ObjectNode object, ShownScores shown, Prediction prediction) {
            if (shown.labels().equals(LabelSet.COVID)) {
                object.put("covidScore", prediction.probabilities().of(Label.COVID));
            } else {
                ObjectNode scores = object.putObject("scores");
                for (Label label : shown.scored()) {
                    scores.put(label.name(), prediction.probabilities().of(label));
                }
            }
            object.put("calibration", shown.decisions().scoresName());
            prediction.threshold().ifPresent(t -> object.put("threshold", t.value()));
        }
    };

    private static final int THRESHOLD_WIDTH = 9;
    private static final int[] TWO_LABELS = {8, THRESHOLD_WIDTH, 6, 8, 9};

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    abstract Optional<String> header(ShownScores shown);

    /**
     * The line of one file.
     *
     * @param prediction empty if there is no score
     * @param problem why there is none
     */
    abstract String line(
            ShownScores shown, Path file, Optional<Prediction> prediction, String problem);

    private static String remark(Prediction prediction) {
        return String.join("; ", prediction.remarks());
    }

    private static Optional<String> distance(Optional<Prediction> prediction) {
        return prediction.stream()
                .flatMapToDouble(p -> p.distance().stream())
                .mapToObj(distance -> String.format(Locale.ROOT, "%.2f", distance))
                .findAny();
    }

    /** With two labels, the answer at the threshold; with more, the most likely label. */
    private static Optional<String> called(Optional<Prediction> prediction) {
        return prediction
                .filter(p -> p.needsReview() && !p.probabilities().labels().several())
                .map(p -> ReviewRange.ANSWER)
                .or(() -> prediction.flatMap(Prediction::label).map(Label::name));
    }

    private static boolean isReview(Optional<Prediction> prediction) {
        return prediction.isPresent() && prediction.get().needsReview();
    }

    /** Labels in one cell. */
    private static String set(List<String> labels) {
        return labels.isEmpty() ? "(none)" : String.join(" ", labels);
    }

    private static Optional<Boolean> positive(Optional<Prediction> prediction) {
        return prediction.flatMap(Prediction::positive);
    }
}
