package org.deepcovid.core.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a CSV file begins.
 *
 * @param line that names the columns
 * @param separator named by a line such as {@code sep=;} before it, else the one of comma,
 *     semicolon and tab that is most frequent in it, outside quotes
 * @param skippedLines 1 for a line {@code sep=;}, else 0
 */
record CsvHeader(String line, char separator, int skippedLines) {

    private static final int LONGEST = 1 << 16;
    private static final Pattern SEPARATOR_LINE =
            Pattern.compile("^sep=([^\\r\\n])\\s*$", Pattern.CASE_INSENSITIVE);
    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");

    /** Reads it; the text is then at the line that names the columns. */
    static CsvHeader read(BufferedReader text) throws IOException {
        String first = peek(text);
        Matcher named = SEPARATOR_LINE.matcher(first);
        if (named.matches()) {
            text.readLine();
            return new CsvHeader(peek(text), named.group(1).charAt(0), 1);
        }
        String plain = QUOTED.matcher(first).replaceAll("");
        char separator = ',';
        for (char other : new char[] {';', '\t'}) {
            separator = count(plain, other) > count(plain, separator) ? other : separator;
        }
        return new CsvHeader(first, separator, 0);
    }

    private static String peek(BufferedReader text) throws IOException {
        text.mark(LONGEST);
        String line = Optional.ofNullable(text.readLine()).orElse("");
        text.reset();
        return line;
    }

    private static long count(String text, char wanted) {
        return text.chars().filter(c -> c == wanted).count();
    }
}
