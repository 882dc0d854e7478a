package org.deepcovid.core.data;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What a folder or manifest lists, whatever is wrong with it: for tools that report on datasets.
 *
 * @param dataset every image that is named with a label; the files themselves were not looked at
 * @param problems what is wrong with the layout, one sentence each; unmodifiable
 */
public record DatasetSurvey(XrayDataset dataset, List<String> problems) {

    /**
     * Checks and copies the components.
     *
     * @throws NullPointerException if a component is null
     */
    public DatasetSurvey {
        requireNonNull(dataset, "dataset is null");
        problems = List.copyOf(problems);
    }
}
