package org.deepcovid.core.data;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.deepcovid.core.DatasetException;

/** Collects problems of a dataset, to report them together. */
final class Problems {

    private final String subject;
    private final List<String> found = new ArrayList<>();

    Problems(String subject) {
        this.subject = subject;
    }

    void add(String problem) {
        found.add(problem);
    }

    void addAll(List<String> problems) {
        found.addAll(problems);
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    List<String> all() {
        return List.copyOf(found);
    }

    /**
     * The labels that names give.
     *
     * @throws DatasetException if they give none; all problems are in it
     */
    LabelSet labels(Collection<String> names, DatasetOptions options, String advice) {
        try {
            return options.labelSet(names);
        } catch (IllegalArgumentException e) {
            add(e.getMessage());
            throw new DatasetException(subject, found, advice);
        }
    }

    void throwIfAny(String advice) {
        if (!found.isEmpty()) {
            throw new DatasetException(subject, found, advice);
        }
    }
}
