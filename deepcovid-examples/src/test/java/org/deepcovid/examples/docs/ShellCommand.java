package org.deepcovid.examples.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One command of a {@code sh} block, as far as pages need the shell: comments, continued lines,
 * quotes, pipes, redirections and variables set before a command.
 *
 * @param place page and line
 * @param words command and arguments, without quotes; what was set before it is left out
 * @param quoted for each word, whether it was quoted, so that the shell leaves it alone
 */
record ShellCommand(String place, List<String> words, List<Boolean> quoted) {

    private static final Set<String> ENDS = Set.of("|", "||", "&&", ";", "&");

    String name() {
        return words.get(0);
    }

    List<String> arguments() {
        return words.subList(1, words.size());
    }

    /** Commands of a block, in their order. */
    static List<ShellCommand> of(CodeBlock block) {
        List<ShellCommand> commands = new ArrayList<>();
        String[] lines = block.text().split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            int first = i;
            StringBuilder line = new StringBuilder(lines[i]);
            while (line.toString().endsWith("\\") && i + 1 < lines.length) {
                line.setLength(line.length() - 1);
                line.append(' ').append(lines[++i].strip());
            }
            String place = "%s:%d".formatted(block.page(), block.line() + first);
            commands.addAll(new Reader(place, line.toString()).commands());
        }
        return commands;
    }

    /** Reads one line, a character at a time. */
    private static final class Reader {

        private final String place;
        private final String line;
        private final List<ShellCommand> commands = new ArrayList<>();
        private List<String> words = new ArrayList<>();
        private List<Boolean> quoted = new ArrayList<>();
        private StringBuilder word = new StringBuilder();
        private boolean inWord;
        private boolean wasQuoted;
        private boolean redirected;

        Reader(String place, String line) {
            this.place = place;
            this.line = line;
        }

        List<ShellCommand> commands() {
            char quote = 0;
            for (int i = 0; i < line.length(); i++) {
                char c = line.charAt(i);
                if (quote != 0) {
                    if (c == quote) {
                        quote = 0;
                    } else {
                        word.append(c);
                    }
                } else if (c == '\'' || c == '"') {
                    quote = c;
                    inWord = true;
                    wasQuoted = true;
                } else if (Character.isWhitespace(c)) {
                    endWord();
                } else if (c == '#' && !inWord) {
                    break;
                } else if (c == '>' || c == '<') {
                    endWord();
                    redirected = true;
                } else if (Stream.of('|', '&', ';').anyMatch(end -> end == c)) {
                    endWord();
                    endCommand();
                } else {
                    word.append(c);
                    inWord = true;
                }
            }
            if (quote != 0) {
                throw new IllegalArgumentException(
                        place + ": the quote " + quote + " is not closed");
            }
            endWord();
            endCommand();
            return commands;
        }

        private void endWord() {
            boolean assignment = words.isEmpty() && word.toString().matches("[A-Za-z_]\\w*=.*");
            if (inWord && !redirected && !assignment && !ENDS.contains(word.toString())) {
                words.add(word.toString());
                quoted.add(wasQuoted);
            }
            redirected = redirected && !inWord;
            word = new StringBuilder();
            inWord = false;
            wasQuoted = false;
        }

        private void endCommand() {
            if (!words.isEmpty()) {
                commands.add(new ShellCommand(place, words, quoted));
            }
            words = new ArrayList<>();
            quoted = new ArrayList<>();
            redirected = false;
        }
    }
}
