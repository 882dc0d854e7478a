/**
 * Audits of datasets. A folder or manifest enters; a list of {@link
 * org.deepcovid.eval.audit.AuditIssue}s leaves, with tables for people: unreadable and repeated
 * files, leaks between parts, and properties other than disease that separate the classes.
 */
package org.deepcovid.eval.audit;
