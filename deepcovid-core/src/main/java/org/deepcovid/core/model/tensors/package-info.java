/**
 * Safetensors files: bytes go in, float32 values with their names and shapes come out, and back.
 * Nothing in such a file is ever executed.
 */
package org.deepcovid.core.model.tensors;
