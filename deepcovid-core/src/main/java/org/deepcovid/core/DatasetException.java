package org.deepcovid.core;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A dataset cannot be used as it is. It carries every problem found, not only the first; the
 * message shows the first {@value #SHOWN} and what to do.
 */
public final class DatasetException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    private static final int SHOWN = 20;

    /** One entry per problem; an array, since lists need not be serialisable. */
    private final String[] problems;

    /**
     * Reports problems.
     *
     * @param subject what has the problems, such as {@code "dataset /data/x"}
     * @param problems one sentence each, naming the file or line, the value and the expectation
     * @param advice what to do next
     * @throws IllegalArgumentException if there is no problem
     */
    public DatasetException(String subject, List<String> problems, String advice) {
        super(message(subject, problems, advice));
        this.problems = problems.toArray(new String[0]);
    }

    private static String message(String subject, List<String> problems, String advice) {
        if (problems.isEmpty()) {
            throw new IllegalArgumentException("no problems of " + subject + " given");
        }
        String shown =
                problems.stream()
                        .limit(SHOWN)
                        .map(problem -> "  - " + problem + "\n")
                        .collect(Collectors.joining());
        String rest =
                problems.size() > SHOWN
                        ? "  ... and %d more%n".formatted(problems.size() - SHOWN)
                        : "";
        return "%s: %d problem%s%n%s%s%s"
                .formatted(
                        subject,
                        problems.size(),
                        problems.size() == 1 ? "" : "s",
                        shown,
                        rest,
                        advice);
    }

    /** Every problem, in the order in which they were found. */
    public List<String> problems() {
        return List.of(problems);
    }
}
