package org.deepcovid.examples.docs;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Whether pages that speak of results say what these are not. */
final class Disclaimer {

    private static final Pattern RESULTS =
            Pattern.compile(
                    "\\b(?:AUC|area under the|sensitivity|specificity|score for)\\b",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern NOTICE =
            Pattern.compile("\\b(?:not|nothing here is|no) a? ?diagnostic device");

    private Disclaimer() {}

    static List<String> problems(MarkdownPage page) {
        String text = page.prose().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
        boolean results =
                RESULTS.matcher(text).find()
                        || page.blocks().stream()
                                .anyMatch(block -> RESULTS.matcher(block.text()).find());
        return results && !NOTICE.matcher(text).find()
                ? List.of(page.name() + " speaks of results; say: not a diagnostic device")
                : List.of();
    }
}
