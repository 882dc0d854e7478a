package org.deepcovid.core.data;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The images and problems of a folder or manifest, for tools that report on datasets.
 *
 * @param dataset every image listed with a label; the image files were not opened
 * @param problems problems of the layout, one sentence each; unmodifiable
 */
public record DatasetSurvey(XrayDataset dataset, List<String> problems) {

    public DatasetSurvey {
        requireNonNull(dataset, "dataset is null");
        problems = List.copyOf(problems);
    }
}
