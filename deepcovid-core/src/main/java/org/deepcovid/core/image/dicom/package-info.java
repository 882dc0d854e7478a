/**
 * Reads DICOM files (PS3.10): file content in, 8-bit samples and a few attributes of the
 * examination out. Compressed pixel data are decoded by libraries; JPEG by {@link
 * org.deepcovid.core.image.dicom.JpegReader}, which the package of image formats implements. Uses
 * no tensor types.
 */
package org.deepcovid.core.image.dicom;
