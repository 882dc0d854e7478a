package org.deepcovid.eval.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * A table with a caption and headers for rows and columns. It scrolls sideways where the window is
 * too narrow, also by keyboard.
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
    private static void cell(Html html, String text) {
        if (text.length() <= LONGEST_NUMBER && text.matches("[-0-9\\[<].*")) {
            html.element("td", text, "class", "number");
        } else {
            html.element("td", text);
        }
    }

    List<List<String>> rows() {
        return Collections.unmodifiableList(rows);
    }

    void write(Html html) {
        html.open(
                "div", "class", "table", "role", "region", "tabindex", "0", "aria-label", caption);
        html.open("table").element("caption", caption);
        if (!columns.isEmpty()) {
            html.open("thead").open("tr");
            columns.forEach(column -> html.element("th", column, "scope", "col"));
            html.close().close();
        }
        html.open("tbody");
        for (List<String> row : rows) {
            html.open("tr").element("th", row.get(0), "scope", "row");
            row.stream().skip(1).forEach(cell -> cell(html, cell));
            html.close();
        }
        html.close().close().close();
    }
}
