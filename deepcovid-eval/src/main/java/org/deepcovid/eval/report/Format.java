package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.provenance.DataFingerprint;
import org.deepcovid.eval.metrics.AucEstimate;
import org.deepcovid.eval.metrics.Bootstrap;
import org.deepcovid.eval.metrics.ConfidenceInterval;
import org.deepcovid.eval.metrics.Proportion;
import org.deepcovid.eval.metrics.comparison.SeedSummary;

/** Formats numbers for reports, in every locale with a decimal point. */
final class Format {

    static final String NONE = "none";

    private Format() {}

    static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    static String number(OptionalDouble value) {
        return value.isPresent() ? number(value.getAsDouble()) : NONE;
    }

    /**
     * Lines of at most a number of letters (longer words excepted), the further ones indented as
     * far as the first one's start.
     */
    static List<String> wrapped(String start, String words, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(start);
        String separator = "";
        for (String word : words.split(" ")) {
            boolean full = line.length() + separator.length() + word.length() > width;
            if (full && !separator.isEmpty()) {
                lines.add(line.toString());
                line = new StringBuilder(" ".repeat(start.length()));
                separator = "";
            }
            line.append(separator).append(word);
            separator = " ";
        }
        lines.add(line.toString());
        return lines;
    }

    static String range(SeedSummary spread) {
        return number(spread.lowest()) + " to " + number(spread.highest());
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    static String interval(ConfidenceInterval interval) {
        return "[%s, %s]".formatted(number(interval.lower()), number(interval.upper()));
    }

    static String percents(ConfidenceInterval interval) {
        return String.format(
                Locale.ROOT, "[%.1f, %.1f]", 100 * interval.lower(), 100 * interval.upper());
    }

    static String auc(AucEstimate auc) {
        return number(auc.auc()) + " " + interval(auc.interval());
    }

    static String auc(Optional<AucEstimate> auc) {
        return auc.map(Format::auc).orElse(NONE);
    }

    static String estimate(Optional<Bootstrap.Estimate> estimate) {
        return estimate.map(
                        e ->
                                number(e.value())
                                        + e.interval().map(i -> " " + interval(i)).orElse(""))
                .orElse(NONE);
    }

    /** As in {@code 0.984 [0.914, 0.997]}. */
    static String share(Optional<Proportion> rate) {
        return rate.map(p -> number(p.estimate()) + " " + interval(p.interval())).orElse(NONE);
    }

    /** As in {@code 98.4 % [91.4, 99.7], 61 of 62}. */
    static String rate(Proportion rate) {
        return "%s %s, %s"
                .formatted(percent(rate.estimate()), percents(rate.interval()), counts(rate));
    }

    static String rate(Optional<Proportion> rate) {
        return rate.map(Format::rate).orElse(NONE);
    }

    static String counts(Proportion rate) {
        return "%d of %d".formatted(rate.successes(), rate.total());
    }

    /**
     * As in {@code 31 covid}; of more than two labels as in {@code 31 covid, 20 normal, 9 other}.
     */
    static String counts(DataFingerprint images, LabelSet labels) {
        return labels.counted().stream()
                .map(label -> images.count(label) + " " + label)
                .collect(Collectors.joining(", "));
    }

    /** Four decimals; tiny thresholds in scientific notation, which keeps four digits. */
    static String threshold(double value) {
        String plain = String.format(Locale.ROOT, "%.4f", value);
        return Math.abs(value) < 0.001 && value != 0
                ? String.format(Locale.ROOT, "%.3e", value)
                : plain;
    }

    static String pValue(double p) {
        return p < 0.0001 ? "< 0.0001" : String.format(Locale.ROOT, "%.4f", p);
    }

    static String pValue(OptionalDouble p) {
        return p.isPresent() ? pValue(p.getAsDouble()) : NONE;
    }

    static String plural(int count, String noun) {
        return "%d %s%s".formatted(count, noun, count == 1 ? "" : "s");
    }
}
