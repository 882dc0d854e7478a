/**
 * Fine-tuning: a frozen backbone and fitting data enter, a trained linear head and its history
 * leave. Test images cannot enter: {@link org.deepcovid.core.data.FittingData} carries none.
 */
package org.deepcovid.core.training;
