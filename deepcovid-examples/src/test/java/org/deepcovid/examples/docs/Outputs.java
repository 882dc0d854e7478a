package org.deepcovid.examples.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepcovid.examples.docs.Example.Outcome;

/** Compares what examples did with what pages say of them. */
final class Outputs {

    private Outputs() {}

    /** Whether an example ended as the page says. */
    static Optional<String> problem(Example example, Outcome outcome) {
        if (outcome == null) {
            return Optional.of(example.place() + " was not run; see what does not compile");
        }
        String wanted = example.directive().fails().orElse("");
        if (wanted.isEmpty()) {
            return outcome.failure().isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            "%s failed: %s%s"
                                    .formatted(
                                            example.place(), outcome.failure(), outcome.output()));
        }
        boolean said =
                outcome.failure().contains(wanted)
                        || (!outcome.failure().isEmpty() && outcome.output().contains(wanted));
        return said
                ? Optional.empty()
                : Optional.of(
                        "%s should have failed with '%s': %s%s"
                                .formatted(
                                        example.place(),
                                        wanted,
                                        outcome.failure(),
                                        outcome.output()));
    }

    /** Lines that a page shows as output and that the example before them does not print. */
    static List<String> problems(
            MarkdownPage page, List<Example> examples, Map<String, Outcome> outcomes) {
        List<String> problems = new ArrayList<>();
        Optional<Outcome> last = Optional.empty();
        for (CodeBlock block : page.blocks()) {
            boolean runs = examples.stream().anyMatch(e -> e.place().equals(block.place()));
            if (runs) {
                last = Optional.ofNullable(outcomes.get(block.place()));
            }
            if (block.directive().output()) {
                String printed = last.map(Outcome::output).orElse("");
                problems.addAll(missing(block, printed));
            }
        }
        return problems;
    }

    private static List<String> missing(CodeBlock block, String printed) {
        List<String> lines = printed.lines().map(Outputs::comparable).toList();
        List<String> problems = new ArrayList<>();
        int from = 0;
        int number = block.line();
        for (String line : block.text().lines().toList()) {
            int found = lines.subList(from, lines.size()).indexOf(comparable(line));
            if (found >= 0) {
                from += found + 1;
            } else if (!line.isBlank() && !line.strip().equals("...")) {
                problems.add(
                        "%s:%d: '%s' is not printed there; printed is:%n%s"
                                .formatted(block.page(), number, line, printed));
                return problems;
            }
            number++;
        }
        return problems;
    }

    /** Numbers, the width of columns, and whether an estimate exists do not matter. */
    private static String comparable(String line) {
        return line.replaceAll("\\d+(?:[.,]\\d+)*", "#")
                .replaceAll("\\s+", " ")
                .replaceAll("# \\[#, #\\] #/#|\\bnone$", "#")
                .strip();
    }
}
