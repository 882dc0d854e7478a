/**
 * Reads datasets from folders and manifests into lists of {@link
 * org.deepcovid.core.data.LabelledImage}, and splits them by patient. Uses no tensor types.
 */
package org.deepcovid.core.data;
