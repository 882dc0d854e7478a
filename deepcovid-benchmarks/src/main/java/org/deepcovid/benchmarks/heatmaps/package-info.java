/**
 * Heatmap methods compared on phantoms: weights enter, tables and the pictures of the docs leave.
 */
package org.deepcovid.benchmarks.heatmaps;
