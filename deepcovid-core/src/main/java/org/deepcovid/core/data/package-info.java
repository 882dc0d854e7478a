/**
 * Which images there are, what they show and which part they serve: folders and manifests enter,
 * checked {@link org.deepcovid.core.data.LabelledImage} lists leave, split by patient. Free of
 * tensor types.
 */
package org.deepcovid.core.data;
