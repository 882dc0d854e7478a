package org.deepcovid.examples.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One page, taken apart.
 *
 * @param name relative to the project's root, with slashes
 * @param blocks fenced blocks in their order
 * @param anchors what links can name after {@code #}, made from headings as GitHub does
 * @param links of the text, not of blocks and code spans
 * @param prose the text without blocks and comments
 */
record MarkdownPage(
        String name, List<CodeBlock> blocks, List<String> anchors, List<Link> links, String prose) {

    /**
     * A link or an image.
     *
     * @param line from 1
     * @param text what the reader sees, or an image's description
     * @param target as written
     */
    record Link(int line, String text, String target) {}

    private static final Pattern FENCE = Pattern.compile("(`{3,}|~{3,})\\s*(\\S*).*");
    private static final Pattern COMMENT = Pattern.compile("<!--(.*?)-->", Pattern.DOTALL);
    private static final Pattern HEADING = Pattern.compile("#{1,6}\\s+(.*?)\\s*#*");
    private static final Pattern LINK =
            Pattern.compile("!?\\[((?:[^\\[\\]]|\\[[^\\]]*\\])*)\\]\\(([^()\\s]*)\\)");
    private static final Pattern SPAN = Pattern.compile("`+[^`]*`+");

    /** README.md and every page below docs, README first. */
    static List<MarkdownPage> all(Path root) {
        try (Stream<Path> docs = Files.walk(root.resolve("docs"))) {
            Stream<Path> others = Stream.of("README.md", "CONTRIBUTING.md").map(root::resolve);
            return Stream.concat(others, docs.filter(p -> p.toString().endsWith(".md")).sorted())
                    .map(file -> read(root, file))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the pages below " + root + " cannot be listed", e);
        }
    }

    private static MarkdownPage read(Path root, Path file) {
        try {
            String name = root.relativize(file).toString().replace('\\', '/');
            return parse(name, Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    /**
     * Takes a page apart.
     *
     * @throws IllegalArgumentException if a fence is not closed or an example comment makes no
     *     sense
     */
    static MarkdownPage parse(String name, String text) {
        List<String> lines = text.replace("\r", "").lines().toList();
        List<CodeBlock> blocks = new ArrayList<>();
        List<String> anchors = new ArrayList<>();
        List<Link> links = new ArrayList<>();
        StringBuilder prose = new StringBuilder();
        Optional<Directive> directive = Optional.empty();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            Matcher fence = FENCE.matcher(line.strip());
            if (fence.matches()) {
                int end = closing(name, lines, i, fence.group(1));
                blocks.add(
                        new CodeBlock(
                                name,
                                i + 2,
                                fence.group(2),
                                directive.orElse(Directive.NONE),
                                code(lines.subList(i + 1, end), line)));
                directive = Optional.empty();
                i = end;
            } else if (line.strip().startsWith("<!--")) {
                int end = i;
                while (!lines.get(end).contains("-->")) {
                    end++;
                }
                directive = comment(name, i + 1, String.join(" ", lines.subList(i, end + 1)));
                i = end;
            } else {
                if (directive.isPresent() && !line.isBlank()) {
                    throw new IllegalArgumentException(
                            "%s:%d: an example comment stands before text, not before a block"
                                    .formatted(name, i + 1));
                }
                prose.append(line).append('\n');
                anchor(line, anchors).ifPresent(anchors::add);
                links(i + 1, line, links);
            }
        }
        return new MarkdownPage(name, blocks, anchors, links, prose.toString());
    }

    private static int closing(String name, List<String> lines, int open, String fence) {
        for (int i = open + 1; i < lines.size(); i++) {
            if (lines.get(i).strip().equals(fence)) {
                return i;
            }
        }
        throw new IllegalArgumentException(
                "%s:%d: the block is not closed".formatted(name, open + 1));
    }

    /** A block in a list is indented as its fence is. */
    private static String code(List<String> lines, String fence) {
        int indent = fence.length() - fence.stripLeading().length();
        StringBuilder code = new StringBuilder();
        for (String line : lines) {
            code.append(line.isBlank() ? "" : line.substring(Math.min(indent, line.length())));
            code.append('\n');
        }
        return code.toString();
    }

    private static Optional<Directive> comment(String name, int line, String text) {
        Matcher matcher = COMMENT.matcher(text);
        if (!matcher.find() || !matcher.group(1).strip().startsWith("example:")) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    Directive.parse(matcher.group(1).strip().substring("example:".length())));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "%s:%d: %s".formatted(name, line, e.getMessage()), e);
        }
    }

    private static Optional<String> anchor(String line, List<String> earlier) {
        Matcher heading = HEADING.matcher(line);
        if (!heading.matches()) {
            return Optional.empty();
        }
        String slug =
                heading.group(1)
                        .replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-');
        String unique = slug;
        for (int n = 1; earlier.contains(unique); n++) {
            unique = slug + "-" + n;
        }
        return Optional.of(unique);
    }

    private static void links(int number, String line, List<Link> links) {
        String text = SPAN.matcher(line).replaceAll(span -> "x".repeat(span.group().length()));
        Matcher matcher = LINK.matcher(text);
        while (matcher.find()) {
            links.add(new Link(number, matcher.group(1), matcher.group(2)));
            links(number, matcher.group(1), links); // a picture that is a link
        }
    }

    /** Whether a link or picture has this file name. */
    boolean shows(Path fileName) {
        return links.stream().anyMatch(link -> link.target().endsWith("/" + fileName));
    }

    /** Blocks of a language. */
    Stream<CodeBlock> blocks(String language) {
        return blocks.stream().filter(block -> block.is(language));
    }
}
