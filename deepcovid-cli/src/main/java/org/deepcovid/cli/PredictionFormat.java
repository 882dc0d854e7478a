package org.deepcovid.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.Prediction;
import org.deepcovid.core.data.Label;

/** Formats of scores, one line per file. */
enum PredictionFormat {
    /** Plain text in columns. */
    TABLE {
        @Override
        Optional<String> header() {
            return Optional.of("%-8s  %-6s  %s".formatted("score", "called", "file"));
        }

        @Override
        String line(
                Path file,
                Optional<Prediction> prediction,
                String problem,
                Optional<DecisionThreshold> threshold) {
            return prediction
                    .map(
                            p ->
                                    "%-8s  %-6s  %s%s"
                                            .formatted(
                                                    digits(p),
                                                    called(p).orElse("-"),
                                                    file,
                                                    p.remarks().isEmpty()
                                                            ? ""
                                                            : "  (" + remark(p) + ")"))
                    .orElse("%-8s  %-6s  %s  (unreadable)".formatted("-", "-", file));
        }
    },
    /** Comma-separated values (RFC 4180) with a header. */
    CSV {
        @Override
        Optional<String> header() {
            return Optional.of("file,covid_score,threshold,called,error,remark");
        }

        @Override
        String line(
                Path file,
                Optional<Prediction> prediction,
                String problem,
                Optional<DecisionThreshold> threshold) {
            return CSVFormat.RFC4180.format(
                    file,
                    prediction.map(p -> Double.toString(p.covidProbability())).orElse(""),
                    threshold.map(t -> Double.toString(t.value())).orElse(""),
                    prediction.flatMap(PredictionFormat::called).orElse(""),
                    problem,
                    prediction.map(PredictionFormat::remark).orElse(""));
        }
    },
    /** One JSON object per line. */
    JSONL {
        @Override
        Optional<String> header() {
            return Optional.empty();
        }

        @Override
        String line(
                Path file,
                Optional<Prediction> prediction,
                String problem,
                Optional<DecisionThreshold> threshold) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            object.put("file", file.toString());
            prediction.ifPresent(p -> object.put("covidScore", p.covidProbability()));
            threshold.ifPresent(t -> object.put("threshold", t.value()));
            prediction.flatMap(PredictionFormat::called).ifPresent(c -> object.put("called", c));
            if (prediction.isEmpty()) {
                object.put("error", problem);
            }
            prediction
                    .map(PredictionFormat::remark)
                    .filter(text -> !text.isEmpty())
                    .ifPresent(text -> object.put("remark", text));
            return object.toString();
        }
    };

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    abstract Optional<String> header();

    /**
     * The line of one file.
     *
     * @param prediction empty if the file cannot be read
     * @param problem why it cannot be read
     */
    abstract String line(
            Path file,
            Optional<Prediction> prediction,
            String problem,
            Optional<DecisionThreshold> threshold);

    private static String remark(Prediction prediction) {
        return String.join("; ", prediction.remarks());
    }

    private static String digits(Prediction prediction) {
        return String.format(Locale.ROOT, "%.4f", prediction.covidProbability());
    }

    private static Optional<String> called(Prediction prediction) {
        return prediction.label().map(Label::name);
    }
}
