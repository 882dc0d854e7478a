/**
 * From images to features: image requests enter, one row of numbers per image leaves, in the order
 * of the requests. Rows can be kept in a {@link org.deepcovid.core.io.WorkStore}, so that an
 * interrupted run continues.
 */
package org.deepcovid.core.features;
