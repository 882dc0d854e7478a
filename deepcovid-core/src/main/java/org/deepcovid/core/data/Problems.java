package org.deepcovid.core.data;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.deepcovid.core.DatasetException;

/** Collects problems of a dataset, to report them together. */
final class Problems {

    private final String subject;
    private final List<String> found = new ArrayList<>();
    private final List<String> consequences = new ArrayList<>();

    Problems(String subject) {
        this.subject = subject;
    }

    void add(String problem) {
        found.add(problem);
    }

    /** Adds a problem that follows from another one or is less helpful; it comes last. */
    void addLast(String problem) {
        consequences.add(problem);
    }

    void addAll(List<String> problems) {
        found.addAll(problems);
    }

    boolean isEmpty() {
        return all().isEmpty();
    }

    List<String> all() {
        return Stream.concat(found.stream(), consequences.stream()).toList();
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
            throw new DatasetException(subject, all(), advice);
        }
    }

    void throwIfAny(String advice) {
        if (!isEmpty()) {
            throw new DatasetException(subject, all(), advice);
        }
    }
}
