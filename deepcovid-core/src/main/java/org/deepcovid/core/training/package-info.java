/**
 * Fine-tuning: a backbone and fitting data enter, a trained linear head, perhaps trained layers,
 * and their history leave. Test images cannot enter: {@link org.deepcovid.core.data.FittingData}
 * carries none. A {@link org.deepcovid.core.io.WorkStore} keeps the finished parts of a run, so
 * that it continues after an interruption.
 */
package org.deepcovid.core.training;
