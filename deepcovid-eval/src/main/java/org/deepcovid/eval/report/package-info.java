/**
 * Evaluation of a classifier on test images, and reports. {@link
 * org.deepcovid.eval.report.Evaluation} holds the scores of one classifier; {@link
 * org.deepcovid.eval.report.Report} collects one or several evaluations; {@link
 * org.deepcovid.eval.report.ReportWriter} writes a report as HTML, JSON, CSV, model cards and
 * figures. All files are rendered from one model that is computed once.
 */
package org.deepcovid.eval.report;
