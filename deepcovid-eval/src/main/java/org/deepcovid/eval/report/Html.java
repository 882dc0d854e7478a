package org.deepcovid.eval.report;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes HTML: every text and attribute is escaped, every element is closed. */
final class Html {

    private static final Set<String> VOID = Set.of("br", "hr", "img", "meta", "link");

    private final StringBuilder text = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /**
     * Begins an element.
     *
     * @param attributes alternating names and values
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

    /** Adds an element that contains only text. */
    Html element(String tag, String words, String... attributes) {
        return open(tag, attributes).text(words).close();
    }

    /** Adds trusted markup unescaped, such as a figure. */
    Html markup(String trusted) {
        text.append(trusted);
        return this;
    }

    /**
     * Adds a table. In a narrow window the style sheet turns each row into a block whose cells
     * carry the header of their column; explicit roles keep it a table for screen readers.
     */
    Html table(Table table) {
        return table.write(this);
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
                default -> safe.append(c < ' ' ? '\uFFFD' : c); // HTML allows no control characters
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

    /** A table with a caption and headers for rows and columns. */
    static final class Table {

        private static final int LONGEST_NUMBER = 45;
        private static final int LONG = 22;

        private final String caption;
        private final List<String> columns;
        private final List<List<String>> rows = new ArrayList<>();

        /**
         * An empty table.
         *
         * @param columns headers, including that of the row headers; none for names and values
         */
        Table(String caption, String... columns) {
            this.caption = caption;
            this.columns = List.of(columns);
        }

        /** Names and values, without column headers. */
        static Table of(String caption, Map<String, String> values) {
            Table table = new Table(caption);
            values.forEach(table::row);
            return table;
        }

        /** A table of a header and rows. */
        static Table of(String caption, List<List<String>> rows) {
            Table table = new Table(caption, rows.get(0).toArray(String[]::new));
            rows.stream().skip(1).forEach(row -> table.row(row.toArray(String[]::new)));
            return table;
        }

        /** Adds a row; the first cell is its header. */
        Table row(String... cells) {
            if (!columns.isEmpty() && cells.length != columns.size()) {
                throw new IllegalArgumentException(
                        "table '%s' has %d columns; expected as many cells, not %d"
                                .formatted(caption, columns.size(), cells.length));
            }
            rows.add(List.of(cells));
            return this;
        }

        private Html write(Html html) {
            html.open(
                    "div",
                    "class",
                    rows.size() > LONG ? "table long" : "table", // may continue on the next page
                    "role",
                    "region",
                    "tabindex",
                    "0",
                    "aria-label",
                    caption);
            html.open("table", "role", "table").element("caption", caption);
            if (!columns.isEmpty()) {
                html.open("thead", "role", "rowgroup").open("tr", "role", "row");
                for (String column : columns) {
                    html.element("th", column, "scope", "col", "role", "columnheader");
                }
                html.close().close();
            }
            html.open("tbody", "role", "rowgroup");
            for (List<String> row : rows) {
                html.open("tr", "role", "row");
                html.element("th", row.get(0), "scope", "row", "role", "rowheader");
                for (int column = 1; column < row.size(); column++) {
                    cell(html, column, row.get(column));
                }
                html.close();
            }
            return html.close().close().close();
        }

        /** A number with its interval stays on one line. */
        private void cell(Html html, int column, String text) {
            boolean number = text.length() <= LONGEST_NUMBER && text.matches("[-0-9\\[<].*");
            List<String> attributes = new ArrayList<>(List.of("role", "cell"));
            if (number) {
                attributes.addAll(List.of("class", "number"));
            }
            if (!columns.isEmpty()) {
                attributes.addAll(List.of("data-column", columns.get(column)));
            }
            html.element("td", text, attributes.toArray(String[]::new));
        }
    }
}
