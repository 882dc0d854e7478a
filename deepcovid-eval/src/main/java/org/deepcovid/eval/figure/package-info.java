/**
 * Figures of curves, bins and counts, as SVG and PNG, each with a title and a text alternative.
 * XChart draws the charts; Batik writes the SVG.
 */
package org.deepcovid.eval.figure;
