/**
 * Curves, bins and counts enter; figures leave, as SVG and PNG, each with a title and a description
 * for readers who cannot see it. XChart lays charts out; Batik writes the SVG.
 */
package org.deepcovid.eval.report.figure;
