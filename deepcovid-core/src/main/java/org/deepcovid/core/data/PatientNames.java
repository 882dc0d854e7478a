package org.deepcovid.core.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deepcovid.core.DatasetException;
import org.deepcovid.core.image.dicom.PatientIds;

/**
 * Takes patients from file names.
 *
 * @param pattern regular expression that matches a part of each file name; its first group is the
 *     patient
 */
public record PatientNames(Pattern pattern) {

    /**
     * Checks the pattern.
     *
     * @throws IllegalArgumentException if it has no group
     */
    public PatientNames {
        if (pattern.matcher("").groupCount() < 1) {
            throw new IllegalArgumentException(
                    ("pattern '%s' has no group; put the patient in brackets, as in"
                                    + " '^(P\\d+)_'")
                            .formatted(pattern));
        }
    }

    /**
     * Sets the patients of images whose patient is not known.
     *
     * @param dataset to complete
     * @return a copy with patients
     * @throws DatasetException naming the files that the pattern does not match
     */
    public XrayDataset applyTo(XrayDataset dataset) {
        List<String> problems = new ArrayList<>();
        List<LabelledImage> named = new ArrayList<>();
        for (LabelledImage image : dataset.images()) {
            if (image.patientKnown()) {
                named.add(image);
                continue;
            }
            Matcher matcher = pattern.matcher(image.file().getFileName().toString());
            if (matcher.find() && matcher.group(1) != null && !matcher.group(1).isBlank()) {
                named.add(
                        PatientIds.of(matcher.group(1))
                                .map(id -> image.with(id, Map.of()))
                                .orElse(image));
            } else {
                problems.add(image.id() + " does not match");
            }
        }
        if (!problems.isEmpty()) {
            throw new DatasetException(
                    "patient pattern '%s'".formatted(pattern),
                    problems,
                    "expected a patient in every file's name; change the pattern");
        }
        return new XrayDataset(dataset.root(), dataset.labels(), named, dataset.layout());
    }
}
