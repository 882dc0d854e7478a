/**
 * Fine-tuning: a backbone and fitting data enter, a trained linear head, perhaps trained layers,
 * and their history leave. Test images cannot enter: {@link org.deepcovid.core.data.FittingData}
 * carries none. A {@link org.deepcovid.core.training.TrainingJournal} keeps the work of a run that
 * may be interrupted, for another one to go on from.
 */
package org.deepcovid.core.training;
