/**
 * Synthetic radiographs: a seed enters; images, masks of lungs and opacities, and datasets of them
 * leave.
 */
package org.deepcovid.phantoms;
