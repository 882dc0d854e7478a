/**
 * Evaluation: a classifier and a split enter; a threshold fitted on validation images and the
 * numbers of the test images leave.
 */
package org.deepcovid.eval.report;
