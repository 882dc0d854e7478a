package org.deepcovid.core.io;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * Cells of CSV files that a spreadsheet must not run as formulas: an apostrophe is put before those
 * that begin with {@code =}, {@code +}, {@code -} or {@code @} and are no number.
 */
public final class CsvCells {

    private static final Pattern FORMULA =
            Pattern.compile("'*(?![+-]?\\d+(\\.\\d+)?([eE][+-]?\\d+)?$)[=+@\\-].*", Pattern.DOTALL);

    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setRecordSeparator('\n').get();

    private CsvCells() {}

    /** Writes rows as RFC 4180 has it, but with line feeds, and every cell {@link #written}. */
    public static void write(Appendable text, Iterable<? extends List<?>> rows) throws IOException {
        CSVPrinter csv = new CSVPrinter(text, FORMAT);
        for (List<?> row : rows) {
            csv.printRecord(row.stream().map(CsvCells::written).toList());
        }
        csv.flush();
    }

    /** The text to write for a cell; {@link #read} gives the cell back. */
    public static String written(Object cell) {
        String text = String.valueOf(cell);
        return FORMULA.matcher(text).matches() ? "'" + text : text;
    }

    /** The cell of a text that {@link #written} gave; other texts stay as they are. */
    public static String read(String text) {
        return text.startsWith("'") && FORMULA.matcher(text).matches() ? text.substring(1) : text;
    }
}
