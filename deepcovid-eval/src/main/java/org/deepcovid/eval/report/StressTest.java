package org.deepcovid.eval.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.deepcovid.core.CovidClassifier;
import org.deepcovid.core.DecisionThreshold;
import org.deepcovid.core.FineTuned;
import org.deepcovid.core.ScoredImage;
import org.deepcovid.core.image.Alteration;

/**
 * How results at one threshold change when every image is altered in the ways of {@link
 * Alteration#STRESSES}, such as a border, a crop or compression.
 *
 * @param results the images as they are first, then one entry per alteration
 */
public record StressTest(List<StressResult> results) {

    static final String ANCHOR = "stress";
    static final String TITLE = "Stress test";
    static final String EXPLANATION =
            "Every image was altered in one way, as it was decoded, scored again and called at the"
                    + " same threshold. Changed: images called otherwise than unaltered. Unlike:"
                    + " images that the input check marks. The 95 % intervals (DeLong, Wilson) take"
                    + " the images as independent.";

    private static final long SEED = 1; // of the alterations

    public StressTest {
        results = List.copyOf(results);
    }

    /**
     * Scores altered copies of evaluated images.
     *
     * @param classifier the evaluated one
     * @param evaluation of images that can be read again
     */
    public static StressTest of(CovidClassifier classifier, Evaluation evaluation) {
        return of(
                evaluation.testScores(),
                alteration -> classifier.score(evaluation.testImages(), alteration, SEED),
                evaluation.threshold());
    }

    /**
     * Scores altered copies of the training and validation images out of fold: to compare recipes
     * without test images.
     */
    public static StressTest outOfFold(FineTuned run, DecisionThreshold threshold) {
        return of(
                run.outOfFoldScores().all(),
                alteration -> run.outOfFoldScores(alteration).all(),
                threshold);
    }

    private static StressTest of(
            List<ScoredImage> plain,
            Function<Alteration, List<ScoredImage>> scores,
            DecisionThreshold threshold) {
        List<StressResult> results = new ArrayList<>();
        results.add(StressResult.of(Optional.empty(), plain, plain, threshold.value()));
        for (Alteration alteration : Alteration.STRESSES) {
            results.add(
                    StressResult.of(
                            Optional.of(alteration),
                            plain,
                            scores.apply(alteration),
                            threshold.value()));
        }
        return new StressTest(results);
    }

    /** The table as lines of text, each ended. */
    public String toText() {
        StringBuilder text = new StringBuilder();
        for (List<String> row : table()) {
            text.append("%-25s %-24s %-24s %-24s %8s %7s".formatted(row.toArray()).stripTrailing())
                    .append('\n');
        }
        return text.toString();
    }

    /** The section of the page. */
    void write(Html html) {
        html.open("section", "id", ANCHOR).element("h2", TITLE).element("p", EXPLANATION);
        List<List<String>> rows = table();
        Html.Table table = new Html.Table(TITLE, rows.get(0).toArray(String[]::new));
        rows.stream().skip(1).forEach(row -> table.row(row.toArray(String[]::new)));
        html.table(table).close();
    }

    ArrayNode json() {
        ArrayNode node = JsonNumbers.array();
        for (StressResult result : results) {
            ObjectNode entry = node.addObject();
            entry.put("alteration", result.alteration().map(Alteration::name).orElse(null));
            entry.put("name", result.name());
            entry.set("auc", result.auc().map(JsonNumbers::of).orElse(null));
            JsonNumbers.put(entry, "sensitivity", result.rates().sensitivity());
            JsonNumbers.put(entry, "specificity", result.rates().specificity());
            entry.set("changed", JsonNumbers.of(result.flips()));
            JsonNumbers.put(entry, "unlike", result.unlike());
        }
        return node;
    }

    /** Rows of the table, the header first. */
    List<List<String>> table() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                List.of(
                        "images",
                        "area under ROC curve",
                        "sensitivity",
                        "specificity",
                        "changed",
                        "unlike"));
        results.forEach(
                result ->
                        rows.add(
                                List.of(
                                        result.name(),
                                        Format.auc(result.auc()),
                                        Format.share(result.rates().sensitivity()),
                                        Format.share(result.rates().specificity()),
                                        String.valueOf(result.flips().successes()),
                                        result.unlike()
                                                .map(u -> String.valueOf(u.successes()))
                                                .orElse(""))));
        return rows;
    }
}
