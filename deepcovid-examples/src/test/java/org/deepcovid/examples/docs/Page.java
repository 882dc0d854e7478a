package org.deepcovid.examples.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Markdown page.
 *
 * @param name relative to the project's root, with slashes
 * @param blocks fenced code blocks
 * @param prose everything else, with an empty line for each line of a block
 */
record Page(String name, List<Block> blocks, String prose) {

    /**
     * A fenced code block.
     *
     * @param page name of its page
     * @param line of its first line of code, from 1
     * @param language the word after the opening fence
     * @param marker text of the HTML comment on the line above the fence, or empty; its parts are
     *     separated by semicolons: {@code snippet: CLASS#REGION}, {@code not run: REASON}, {@code
     *     fails: TEXT}, {@code file: NAME}, {@code with: FILE}, {@code continues: yes}, {@code
     *     output: yes}
     * @param code each line ended by a line feed
     */
    record Block(String page, int line, String language, String marker, String code) {

        private static final Pattern WORD =
                Pattern.compile("(?:[^\\s\"'|;&<>]|\"[^\"]*\"|'[^']*')+|[|;&<>]+");

        String place() {
            return page + ":" + line;
        }

        /** The value of a part of the marker. */
        Optional<String> mark(String key) {
            return Stream.of(marker.split(";"))
                    .map(String::strip)
                    .filter(part -> part.startsWith(key + ": "))
                    .map(part -> part.substring(key.length() + 2))
                    .findFirst();
        }

        /**
         * The commands, as words, of a shell block; without comments, assignments, redirections.
         */
        List<List<String>> commands() {
            String shell = language.equals("sh") ? code : "";
            String joined = shell.replaceAll("\\\\\n\\s*", " ").replaceAll("(?m)(^|\\s)#.*$", "");
            return joined.lines().flatMap(line -> commands(line).stream()).toList();
        }

        static List<List<String>> commands(String line) {
            List<List<String>> commands = new ArrayList<>(List.of(new ArrayList<>()));
            boolean target = false;
            for (String word : WORD.matcher(line).results().map(MatchResult::group).toList()) {
                List<String> command = commands.get(commands.size() - 1);
                if (word.matches("[|;&]+")) {
                    commands.add(new ArrayList<>());
                } else if (!target
                        && !word.matches("[<>]+")
                        && !(command.isEmpty() && word.matches("\\w+=.*"))) {
                    command.add(word.replaceAll("[\"']", ""));
                }
                target = word.matches("[<>]+");
            }
            commands.removeIf(List::isEmpty);
            return commands;
        }
    }

    private static final Pattern FENCED =
            Pattern.compile("(?:^<!-- ([^\n]*) -->\n)?^( *)```(\\w*)\n(.*?)^ *```$", 40);

    /** All pages, README first. */
    static List<Page> all(Path root) throws IOException {
        try (Stream<Path> docs = Files.walk(root.resolve("docs"))) {
            return Stream.concat(
                            Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
                                    .map(root::resolve)
                                    .filter(Files::exists),
                            docs.filter(file -> file.toString().endsWith(".md")).sorted())
                    .map(file -> read(root, file))
                    .toList();
        }
    }

    private static Page read(Path root, Path file) {
        try {
            return parse(
                    root.relativize(file).toString().replace('\\', '/'), Files.readString(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static Page parse(String name, String text) {
        List<Block> blocks = new ArrayList<>();
        Matcher fenced = FENCED.matcher(text.replace("\r", ""));
        StringBuilder prose = new StringBuilder();
        while (fenced.find()) {
            int line = 1 + lines(text.substring(0, fenced.start(4)));
            String marker = fenced.group(1) == null ? "" : fenced.group(1);
            String code = fenced.group(4).replaceAll("(?m)^" + fenced.group(2), "");
            blocks.add(new Block(name, line, fenced.group(3), marker, code));
            fenced.appendReplacement(prose, "\n".repeat(lines(fenced.group())));
        }
        return new Page(name, blocks, fenced.appendTail(prose).toString());
    }

    private static int lines(String text) {
        return (int) text.chars().filter(c -> c == '\n').count();
    }

    /** Places and groups of the matches of a pattern in the text outside code blocks. */
    List<MatchResult> find(Pattern pattern) {
        return pattern.matcher(prose).results().toList();
    }

    String place(MatchResult match) {
        return name + ":" + (1 + lines(prose.substring(0, match.start())));
    }

    /** What links may name after {@code #}, made from headings as GitHub does. */
    List<String> anchors() {
        return find(Pattern.compile("(?m)^#{1,6} +(.*)$")).stream()
                .map(match -> match.group(1).toLowerCase(java.util.Locale.ROOT))
                .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .toList();
    }
}
