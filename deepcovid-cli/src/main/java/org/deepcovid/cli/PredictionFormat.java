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
        Optional<String> header(LabelSet labels) {
            List<String> cells = new ArrayList<>();
            if (labels.several()) {
                cells.addAll(labels.names());
                cells.addAll(List.of("threshold", "called", "positive"));
            } else {
                cells.addAll(List.of("score", "threshold", "called"));
            }
            cells.add("distance");
            return Optional.of(row(labels, cells, "file"));
        }

        @Override
        String line(LabelSet labels, Path file, Optional<Prediction> prediction, String problem) {
            List<String> cells = new ArrayList<>();
            scored(labels)
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
            if (labels.several()) {
                cells.add(positive(prediction).map(yes -> yes ? "yes" : "no").orElse("-"));
            }
            cells.add(distance(prediction).orElse("-"));
            String problemShown = prediction.isPresent() ? "" : "  (%s)".formatted(problem);
            String remark =
                    prediction
                            .map(PredictionFormat::remark)
                            .filter(text -> !text.isEmpty())
                            .map("  (%s)"::formatted)
                            .orElse("");
            return row(labels, cells, file + problemShown + remark);
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
        Optional<String> header(LabelSet labels) {
            List<String> columns = new ArrayList<>(List.of("file"));
            scored(labels).forEach(label -> columns.add(label + "_score"));
            columns.addAll(List.of("threshold", "called"));
            if (labels.several()) {
                columns.add("positive");
            }
            columns.addAll(List.of("error", "remark", "distance"));
            return Optional.of(row(columns));
        }

        @Override
        String line(LabelSet labels, Path file, Optional<Prediction> prediction, String problem) {
            List<Object> cells = new ArrayList<>(List.of(file));
            for (Label label : scored(labels)) {
                cells.add(prediction.map(p -> text(p.probabilities().of(label))).orElse(""));
            }
            cells.add(
                    prediction.flatMap(Prediction::threshold).map(t -> text(t.value())).orElse(""));
            cells.add(called(prediction).orElse(""));
            if (labels.several()) {
                cells.add(positive(prediction).map(String::valueOf).orElse(""));
            }
            cells.add(problem);
            cells.add(prediction.map(PredictionFormat::remark).orElse(""));
            cells.add(distance(prediction).orElse(""));
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
        Optional<String> header(LabelSet labels) {
            return Optional.empty();
        }

        @Override
        String line(LabelSet labels, Path file, Optional<Prediction> prediction, String problem) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            object.put("file", file.toString());
            prediction.ifPresent(p -> scores(object, labels, p));
            called(prediction).ifPresent(label -> object.put("called", label));
            if (labels.several()) {
                positive(prediction).ifPresent(yes -> object.put("positive", yes));
            }
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

        private void scores(ObjectNode object, LabelSet labels, Prediction prediction) {
            if (labels.equals(LabelSet.COVID)) {
                object.put("covidScore", prediction.probabilities().of(Label.COVID));
            } else {
                ObjectNode scores = object.putObject("scores");
                for (Label label : scored(labels)) {
                    scores.put(label.name(), prediction.probabilities().of(label));
                }
            }
            prediction.threshold().ifPresent(t -> object.put("threshold", t.value()));
        }
    };

    private static final int THRESHOLD_WIDTH = 9;
    private static final int[] TWO_LABELS = {8, THRESHOLD_WIDTH, 6, 8};

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    abstract Optional<String> header(LabelSet labels);

    /**
     * The line of one file.
     *
     * @param prediction empty if there is no score
     * @param problem why there is none
     */
    abstract String line(
            LabelSet labels, Path file, Optional<Prediction> prediction, String problem);

    private static String remark(Prediction prediction) {
        return String.join("; ", prediction.remarks());
    }

    private static Optional<String> distance(Optional<Prediction> prediction) {
        return prediction.stream()
                .flatMapToDouble(p -> p.distance().stream())
                .mapToObj(distance -> String.format(Locale.ROOT, "%.2f", distance))
                .findAny();
    }

    /** The labels whose scores are shown. */
    private static List<Label> scored(LabelSet labels) {
        return labels.several() ? labels.labels() : List.of(labels.positive());
    }

    private static Optional<String> called(Optional<Prediction> prediction) {
        return prediction.flatMap(Prediction::label).map(Label::name);
    }

    private static Optional<Boolean> positive(Optional<Prediction> prediction) {
        return prediction.flatMap(Prediction::positive);
    }
}
