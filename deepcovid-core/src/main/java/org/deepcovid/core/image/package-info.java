/**
 * Decodes image files to 8-bit rasters and converts them to normalised float32 network inputs in
 * NCHW order. Uses no tensor types.
 */
package org.deepcovid.core.image;
