/**
 * Datasets for other DL4J code: labelled images enter, DataVec records and ND4J data sets leave,
 * decoded exactly as this library decodes them.
 */
package org.deepcovid.core.datavec;
