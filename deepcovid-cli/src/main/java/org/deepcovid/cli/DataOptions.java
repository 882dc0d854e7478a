package org.deepcovid.cli;

import java.nio.file.Path;
import org.deepcovid.core.data.DatasetOptions;
import org.deepcovid.core.data.LabelSet;
import org.deepcovid.core.image.dicom.PatientKey;
import picocli.CommandLine.Option;

/** How the labels and patients of DATA are read. */
final class DataOptions {

    @Option(
            names = "--positive",
            paramLabel = "LABEL",
            description =
                    "positive label; metrics and thresholds are of this label against the rest"
                            + " (default: covid, where there is one)")
    private String positive;

    @Option(
            names = "--label-column",
            paramLabel = "COLUMN",
            description = "column of a manifest that holds the labels (default ${DEFAULT-VALUE})")
    private String column = "label";

    @Option(
            names = "--uncertain",
            paramLabel = "POLICY",
            description =
                    "what an uncertain finding of CheXpert is: ${COMPLETION-CANDIDATES} (left out,"
                            + " absent, present; default ${DEFAULT-VALUE})")
    private DatasetOptions.Uncertainty uncertainty = DatasetOptions.Uncertainty.IGNORE;

    @Option(
            names = "--patient-key",
            paramLabel = "FILE",
            description =
                    "secret key of the patients' pseudonyms in DICOM files, made if missing"
                            + " (default: a random key, so that pseudonyms differ in every run)")
    private Path patientKey;

    /** The options for a dataset that names its labels itself. */
    DatasetOptions options() {
        DatasetOptions options =
                DatasetOptions.defaults().withLabelColumn(column).withUncertainty(uncertainty);
        if (patientKey != null) {
            options = options.withPatientKey(PatientKey.of(patientKey));
        }
        return positive == null ? options : options.withPositive(positive);
    }

    /** The options for a dataset with the labels of a classifier. */
    DatasetOptions options(Subcommand command, LabelSet classifier) {
        if (positive != null
                && classifier.parse(positive).filter(classifier.positive()::equals).isEmpty()) {
            throw command.usage(
                    "--positive is '%s'; the positive label of the classifier is %s",
                    positive, classifier.positive());
        }
        return options().withLabels(classifier);
    }
}
