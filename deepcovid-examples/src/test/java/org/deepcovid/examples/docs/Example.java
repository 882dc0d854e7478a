package org.deepcovid.examples.docs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Something on a page that can be run.
 *
 * @param place page and line of its first line
 * @param directive what the page says about it
 * @param files that earlier blocks of the page hold, by name
 * @param className of a Java snippet
 * @param commands of a {@code sh} block
 */
record Example(
        String place,
        Directive directive,
        Map<String, String> files,
        Optional<String> className,
        List<ShellCommand> commands) {

    /**
     * What happened when it ran.
     *
     * @param output what it printed
     * @param failure message and stack trace, empty if it went well
     */
    record Outcome(String output, String failure) {}

    /** Examples of a page in their order. */
    static List<Example> of(MarkdownPage page, Snippets snippets) {
        Map<String, Snippets.Unit> units = new LinkedHashMap<>();
        snippets.of(page).forEach(unit -> units.put(unit.place(), unit));
        Map<String, String> files = new LinkedHashMap<>();
        List<Example> examples = new ArrayList<>();
        for (CodeBlock block : page.blocks()) {
            Directive directive = block.directive();
            directive.file().ifPresent(name -> files.put(name, block.text()));
            if (directive.notRun().isPresent() || directive.file().isPresent()) {
                continue;
            }
            Snippets.Unit unit = units.get(block.place());
            if (unit != null && unit.runnable()) {
                examples.add(
                        new Example(
                                block.place(),
                                directive,
                                Map.copyOf(files),
                                Optional.of(unit.className()),
                                List.of()));
            } else if (block.is("sh")) {
                List<ShellCommand> commands =
                        ShellCommand.of(block).stream()
                                .filter(command -> command.name().equals(Commands.LAUNCHER))
                                .toList();
                if (!commands.isEmpty()) {
                    examples.add(
                            new Example(
                                    block.place(),
                                    directive,
                                    Map.copyOf(files),
                                    Optional.empty(),
                                    commands));
                }
            }
        }
        return examples;
    }
}
