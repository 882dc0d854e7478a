package org.deepcovid.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.csv.CSVFormat;
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
        String line(BatchScorer.Outcome outcome, OptionalDouble threshold) {
            return outcome.score().isPresent()
                    ? String.format(
                            Locale.ROOT,
                            "%-8.4f  %-6s  %s",
                            outcome.score().getAsDouble(),
                            called(outcome, threshold).orElse("-"),
                            outcome.file())
                    : "%-8s  %-6s  %s".formatted("-", "-", outcome.file() + "  (unreadable)");
        }
    },
    /** Comma-separated values (RFC 4180) with a header. */
    CSV {
        @Override
        Optional<String> header() {
            return Optional.of("file,covid_score,threshold,called,error");
        }

        @Override
        String line(BatchScorer.Outcome outcome, OptionalDouble threshold) {
            return CSVFormat.RFC4180.format(
                    outcome.file(),
                    text(outcome.score()),
                    text(threshold),
                    called(outcome, threshold).orElse(""),
                    outcome.problem().orElse(""));
        }
    },
    /** One JSON object per line. */
    JSONL {
        @Override
        Optional<String> header() {
            return Optional.empty();
        }

        @Override
        String line(BatchScorer.Outcome outcome, OptionalDouble threshold) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            object.put("file", outcome.file().toString());
            outcome.score().ifPresent(score -> object.put("covidScore", score));
            threshold.ifPresent(value -> object.put("threshold", value));
            called(outcome, threshold).ifPresent(label -> object.put("called", label));
            outcome.problem().ifPresent(problem -> object.put("error", problem));
            try {
                return new ObjectMapper().writeValueAsString(object);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("an object of texts and numbers is JSON", e);
            }
        }
    };

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    abstract Optional<String> header();

    abstract String line(BatchScorer.Outcome outcome, OptionalDouble threshold);

    private static String text(OptionalDouble value) {
        return value.isPresent() ? Double.toString(value.getAsDouble()) : "";
    }

    private static Optional<String> called(BatchScorer.Outcome outcome, OptionalDouble threshold) {
        if (outcome.score().isEmpty() || threshold.isEmpty()) {
            return Optional.empty();
        }
        boolean covid = outcome.score().getAsDouble() >= threshold.getAsDouble();
        return Optional.of((covid ? Label.COVID : Label.NON_COVID).name());
    }
}
