package org.deepcovid.examples.docs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * Whether every block names a language for which something checks it: {@code java}, {@code sh},
 * {@code xml}, {@code json}, {@code properties}, {@code csv} and {@code text}. A manifest in {@code
 * csv} must be a file that the page's code reads.
 */
final class Languages {

    private Languages() {}

    static List<String> problems(MarkdownPage page) {
        return page.blocks().stream()
                .flatMap(block -> problem(block).stream().map(text -> block.place() + ": " + text))
                .toList();
    }

    private static Optional<String> problem(CodeBlock block) {
        return switch (block.language()) {
            case "java", "sh", "xml", "text" -> Optional.empty();
            case "json" -> json(block.text());
            case "properties" -> properties(block.text());
            case "csv" ->
                    block.directive().file().isPresent()
                            ? Optional.empty()
                            : Optional.of("a table is no file that code reads; say 'file NAME'");
            case "" -> Optional.of("the block names no language; for plain text, say text");
            default -> Optional.of("nothing checks blocks in '%s'".formatted(block.language()));
        };
    }

    private static Optional<String> json(String text) {
        try {
            new ObjectMapper().readTree(text);
            return Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.of(e.getOriginalMessage());
        }
    }

    private static Optional<String> properties(String text) {
        try {
            new Properties().load(new StringReader(text));
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.of(e.getMessage());
        }
    }
}
