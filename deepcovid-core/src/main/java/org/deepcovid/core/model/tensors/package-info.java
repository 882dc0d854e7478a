/**
 * Named arrays in safetensors files: bytes enter, float32 values with their names and shapes leave,
 * and back. Nothing in such a file is ever executed.
 */
package org.deepcovid.core.model.tensors;
