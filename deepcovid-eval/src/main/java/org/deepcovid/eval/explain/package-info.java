/**
 * Heatmaps: a classifier, an image and a label go in; evidence maps, pictures of them, and measures
 * of how far the maps can be trusted come out.
 */
package org.deepcovid.eval.explain;
