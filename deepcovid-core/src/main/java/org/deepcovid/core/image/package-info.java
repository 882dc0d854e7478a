/**
 * Pixels: image files enter, 8-bit rasters and normalised float32 inputs in NCHW order leave. Free
 * of tensor types.
 */
package org.deepcovid.core.image;
