/**
 * Pre-trained weights on disk: Keras HDF5 and safetensors files enter, checked parameters of a
 * graph leave, and back. A file is read as data only; every tensor is used exactly once or the file
 * is refused.
 */
package org.deepcovid.models.weights;
