/**
 * Evaluation: a classifier and a split enter; a threshold fitted without test images and the
 * numbers of the test images leave. A {@link org.deepcovid.eval.report.Report} of one or several
 * evaluations enters a {@link org.deepcovid.eval.report.ReportWriter}; a page, its figures and its
 * numbers for programs leave.
 */
package org.deepcovid.eval.report;
