package org.deepcovid.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deepcovid.core.DatasetException;
import org.deepcovid.core.data.LabelledImage;
import org.deepcovid.core.data.XrayDataset;

/**
 * Finds the patient in file names.
 *
 * @param pattern its first group is the patient
 */
record PatientNames(Pattern pattern) {

    /**
     * Names the patients that a dataset leaves open.
     *
     * @throws DatasetException naming the files in which the pattern finds no one
     */
    XrayDataset applyTo(XrayDataset dataset) {
        List<String> problems = new ArrayList<>();
        List<LabelledImage> named = new ArrayList<>();
        for (LabelledImage image : dataset.images()) {
            if (image.patientKnown()) {
                named.add(image);
                continue;
            }
            Matcher matcher = pattern.matcher(image.file().getFileName().toString());
            if (matcher.find() && matcher.group(1) != null && !matcher.group(1).isBlank()) {
                named.add(of(image, matcher.group(1)));
            } else {
                problems.add(image.id() + " does not match");
            }
        }
        if (!problems.isEmpty()) {
            throw new DatasetException(
                    "--patients '%s'".formatted(pattern),
                    problems,
                    "expected a patient in every file's name; change the pattern");
        }
        return new XrayDataset(dataset.root(), named);
    }

    private static LabelledImage of(LabelledImage image, String patient) {
        return new LabelledImage(
                image.id(), image.file(), image.label(), patient, image.part(), image.attributes());
    }
}
