package org.deepcovid.core.data;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import org.deepcovid.core.image.dicom.PatientKey;

/**
 * How a dataset's labels and patients are read.
 *
 * @param positive name of the positive label; if empty, see {@link LabelSet#of}
 * @param labelColumn the column of a manifest that holds the labels, in lower case
 * @param labels the labels to expect, such as those of a classifier; if empty, the dataset names
 *     them
 * @param patientKey secret that the pseudonyms of DICOM files' patients depend on
 */
public record DatasetOptions(
        Optional<String> positive,
        String labelColumn,
        Optional<LabelSet> labels,
        PatientKey patientKey) {

    static final String LABEL = "label";
    private static final DatasetOptions DEFAULTS =
            new DatasetOptions(Optional.empty(), LABEL, Optional.empty(), PatientKey.random());

    public DatasetOptions {
        requireNonNull(positive, "positive is null");
        requireNonNull(labels, "labels is null");
        requireNonNull(patientKey, "patientKey is null");
        labelColumn = labelColumn.strip().toLowerCase(Locale.ROOT);
    }

    /**
     * The column {@code label}; the positive label is {@code covid}; a random key, the same as long
     * as the program runs.
     */
    public static DatasetOptions defaults() {
        return DEFAULTS;
    }

    /** A copy with another positive label. */
    public DatasetOptions withPositive(String name) {
        return new DatasetOptions(Optional.of(name), labelColumn, labels, patientKey);
    }

    /** A copy with another column; case is ignored. */
    public DatasetOptions withLabelColumn(String column) {
        return new DatasetOptions(positive, column, labels, patientKey);
    }

    /**
     * A copy that expects the labels of a classifier: another name in the dataset is an error, and
     * the positive label is the classifier's.
     */
    public DatasetOptions withLabels(LabelSet expected) {
        return new DatasetOptions(Optional.empty(), labelColumn, Optional.of(expected), patientKey);
    }

    /** A copy with another key; equal keys give equal pseudonyms. */
    public DatasetOptions withPatientKey(PatientKey key) {
        return new DatasetOptions(positive, labelColumn, labels, key);
    }

    /**
     * The labels of a dataset.
     *
     * @throws IllegalArgumentException if these names give none
     */
    LabelSet labelSet(Collection<String> names) {
        if (labels.isEmpty()) {
            return LabelSet.of(names, positive);
        }
        LabelSet expected = labels.get();
        boolean unknown = names.stream().anyMatch(name -> expected.parse(name).isEmpty());
        if (unknown && !LabelSet.isBinary(names, expected)) {
            throw new IllegalArgumentException(
                    "the labels of the data are %s, those of the classifier are %s; expected the same"
                            .formatted(
                                    names.stream().distinct().sorted().toList(),
                                    expected.labels()));
        }
        return expected;
    }
}
