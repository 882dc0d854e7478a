package org.deepcovid.core.data;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
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
 * @param columns names for columns of a manifest, by the names that they have there; in lower case
 * @param uncertainty what an uncertain finding of CheXpert counts as
 */
public record DatasetOptions(
        Optional<String> positive,
        String labelColumn,
        Optional<LabelSet> labels,
        PatientKey patientKey,
        Map<String, String> columns,
        Uncertainty uncertainty) {

    static final String LABEL = "label";
    private static final DatasetOptions DEFAULTS =
            new DatasetOptions(
                    Optional.empty(),
                    LABEL,
                    Optional.empty(),
                    PatientKey.random(),
                    Map.of(),
                    Uncertainty.IGNORE);

    /** Policies for uncertain findings, named as in Irvin et al. 2019, arXiv:1901.07031. */
    public enum Uncertainty {
        /** U-Ignore: images with an uncertain finding are left out. */
        IGNORE,
        /** U-Zeros: an uncertain finding is absent. */
        ZEROS,
        /** U-Ones: an uncertain finding is present. */
        ONES;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public DatasetOptions {
        requireNonNull(positive, "positive is null");
        requireNonNull(labels, "labels is null");
        requireNonNull(patientKey, "patientKey is null");
        requireNonNull(uncertainty, "uncertainty is null");
        labelColumn = key(labelColumn);
        Map<String, String> renamed = new HashMap<>();
        columns.forEach((from, to) -> renamed.put(key(from), key(to)));
        columns = Map.copyOf(renamed);
    }

    /**
     * The column {@code label}; the positive label is {@code covid}; a random key, the same as long
     * as the program runs; uncertain images are left out.
     */
    public static DatasetOptions defaults() {
        return DEFAULTS;
    }

    /** A copy with another positive label. */
    public DatasetOptions withPositive(String name) {
        return new DatasetOptions(
                Optional.of(name), labelColumn, labels, patientKey, columns, uncertainty);
    }

    /** A copy with another column; case is ignored. */
    public DatasetOptions withLabelColumn(String column) {
        return new DatasetOptions(positive, column, labels, patientKey, columns, uncertainty);
    }

    /**
     * A copy that expects the labels of a classifier: another name in the dataset is an error, and
     * the positive label is the classifier's.
     */
    public DatasetOptions withLabels(LabelSet expected) {
        return new DatasetOptions(
                Optional.empty(),
                labelColumn,
                Optional.of(expected),
                patientKey,
                columns,
                uncertainty);
    }

    /** A copy with another key; equal keys give equal pseudonyms. */
    public DatasetOptions withPatientKey(PatientKey key) {
        return new DatasetOptions(positive, labelColumn, labels, key, columns, uncertainty);
    }

    /** A copy with other names for columns of a manifest; case is ignored. */
    public DatasetOptions withColumns(Map<String, String> renamed) {
        return new DatasetOptions(positive, labelColumn, labels, patientKey, renamed, uncertainty);
    }

    /** A copy with another policy for uncertain findings. */
    public DatasetOptions withUncertainty(Uncertainty policy) {
        return new DatasetOptions(positive, labelColumn, labels, patientKey, columns, policy);
    }

    /** The name of a column of a manifest, in lower case. */
    String column(String written) {
        return columns.getOrDefault(key(written), key(written));
    }

    private static String key(String column) {
        return column.strip().toLowerCase(Locale.ROOT);
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
