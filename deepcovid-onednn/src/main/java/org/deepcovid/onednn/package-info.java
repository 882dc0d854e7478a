/**
 * Runs networks by oneDNN, in single precision and in bfloat16. With this module on the class path,
 * {@link org.deepcovid.core.inference.InferenceEngine} finds it.
 */
package org.deepcovid.onednn;
