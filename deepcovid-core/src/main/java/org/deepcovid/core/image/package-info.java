/**
 * Pixels: image files enter, 8-bit rasters and normalised float32 inputs in NCHW order leave. Only
 * {@link org.deepcovid.core.image.ImageBatches} and its batches know ND4J.
 */
package org.deepcovid.core.image;
