package org.deepcovid.eval.report;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * Writes HTML: every text and attribute is escaped, every element is closed. Not a template engine;
 * a page is a Java method.
 */
final class Html {

    private static final Set<String> VOID = Set.of("br", "hr", "img", "meta", "link");

    private final StringBuilder text = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /**
     * Begins an element.
     *
     * @param attributes names and values in turns
     */
    Html open(String tag, String... attributes) {
        if (attributes.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "%d attribute names and values of <%s>; expected pairs"
                            .formatted(attributes.length, tag));
        }
        text.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            text.append(' ').append(attributes[i]).append("=\"");
            text.append(escaped(attributes[i + 1])).append('"');
        }
        if (VOID.contains(tag)) {
            text.append("/>"); // so that the page is XML too
        } else {
            text.append('>');
            open.push(tag);
        }
        return this;
    }

    /** Ends the innermost open element. */
    Html close() {
        String tag = open.pop();
        text.append("</").append(tag).append('>');
        if (!tag.equals("a") && !tag.equals("strong") && !tag.equals("code")) {
            text.append('\n');
        }
        return this;
    }

    /** Adds a text. */
    Html text(String words) {
        text.append(escaped(words));
        return this;
    }

    /** Adds an element with a text and nothing else. */
    Html element(String tag, String words, String... attributes) {
        return open(tag, attributes).text(words).close();
    }

    /** Adds markup that was made here, such as a figure. */
    Html markup(String trusted) {
        text.append(trusted);
        return this;
    }

    static String escaped(String words) {
        StringBuilder safe = new StringBuilder(words.length());
        for (int i = 0; i < words.length(); i++) {
            char c = words.charAt(i);
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                case '\t', '\n', '\r' -> safe.append(c);
                default -> safe.append(c < ' ' ? '\uFFFD' : c); // HTML knows no control characters
            }
        }
        return safe.toString();
    }

    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("elements left open: " + open);
        }
        return text.toString();
    }
}
