package org.deepcovid.core.data;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Optional;

/**
 * How a dataset's labels are read.
 *
 * @param positive name of the positive label; if empty, see {@link LabelSet#of}
 * @param labelColumn the column of a manifest that holds the labels, in lower case
 */
public record DatasetOptions(Optional<String> positive, String labelColumn) {

    static final String LABEL = "label";
    private static final DatasetOptions DEFAULTS = new DatasetOptions(Optional.empty(), LABEL);

    public DatasetOptions {
        requireNonNull(positive, "positive is null");
        labelColumn = labelColumn.strip().toLowerCase(Locale.ROOT);
    }

    /** The column {@code label}; the positive label is {@code covid}. */
    public static DatasetOptions defaults() {
        return DEFAULTS;
    }

    /** A copy with another positive label. */
    public DatasetOptions withPositive(String name) {
        return new DatasetOptions(Optional.of(name), labelColumn);
    }

    /** A copy with another column; case is ignored. */
    public DatasetOptions withLabelColumn(String column) {
        return new DatasetOptions(positive, column);
    }
}
