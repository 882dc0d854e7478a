/**
 * Datasets for other DL4J code: converts labelled images to DataVec records and ND4J data sets,
 * with the decoder and preprocessing of this library.
 */
package org.deepcovid.core.datavec;
