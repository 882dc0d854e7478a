/**
 * Curves, bins and counts enter; figures leave, as SVG and PNG, each with a title and a description
 * for readers who cannot see it. Charts are laid out by XChart. Its usual way to SVG is under the
 * LGPL, so the SVG text is written here.
 */
package org.deepcovid.eval.report.figure;
