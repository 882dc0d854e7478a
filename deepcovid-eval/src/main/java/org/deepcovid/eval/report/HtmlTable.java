package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * A table with a caption and headers for rows and columns. In a narrow window the style sheet turns
 * every row into a block whose cells carry their column's header, so that nothing has to be
 * scrolled sideways; explicit roles keep it a table for readers who cannot see.
 */
final class HtmlTable {

    private static final int LONGEST_NUMBER = 45;

    private final String caption;
    private final List<String> columns;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * An empty table.
     *
     * @param columns headers, that of the row names included; none for a table of names and values
     */
    HtmlTable(String caption, String... columns) {
        this.caption = caption;
        this.columns = List.of(columns);
    }

    /** Names and values, without column headers. */
    static HtmlTable of(String caption, Map<String, String> values) {
        HtmlTable table = new HtmlTable(caption);
        values.forEach(table::row);
        return table;
    }

    /** Adds a row; the first cell is its header. */
    HtmlTable row(String... cells) {
        if (!columns.isEmpty() && cells.length != columns.size()) {
            throw new IllegalArgumentException(
                    "table '%s' has %d columns; expected as many cells, not %d"
                            .formatted(caption, columns.size(), cells.length));
        }
        rows.add(List.of(cells));
        return this;
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

    List<List<String>> rows() {
        return Collections.unmodifiableList(rows);
    }

    void write(Html html) {
        html.open(
                "div", "class", "table", "role", "region", "tabindex", "0", "aria-label", caption);
        html.open("table", "role", "table").element("caption", caption);
        if (!columns.isEmpty()) {
            html.open("thead", "role", "rowgroup").open("tr", "role", "row");
            columns.forEach(
                    column -> html.element("th", column, "scope", "col", "role", "columnheader"));
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
        html.close().close().close();
    }
}
