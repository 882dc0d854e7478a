package org.deepcovid.eval.audit;

import static java.util.Objects.requireNonNull;

/**
 * One result of a {@link DatasetAudit}.
 *
 * @param severity whether results on the dataset would be wrong or may mislead
 * @param text one sentence
 */
public record AuditIssue(Severity severity, String text) {

    /** How much an issue matters. */
    public enum Severity {
        /** Results on this dataset would be wrong. */
        PROBLEM,
        /** Results may mislead: a network may learn something other than the disease. */
        HINT
    }

    public AuditIssue {
        requireNonNull(severity, "severity is null");
        requireNonNull(text, "text is null");
    }

    static AuditIssue problem(String format, Object... values) {
        return new AuditIssue(Severity.PROBLEM, format.formatted(values));
    }

    static AuditIssue hint(String format, Object... values) {
        return new AuditIssue(Severity.HINT, format.formatted(values));
    }
}
