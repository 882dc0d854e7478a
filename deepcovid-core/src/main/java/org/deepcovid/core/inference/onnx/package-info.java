/**
 * ONNX models: a network plan and its parameters enter, the bytes of a model leave that any ONNX
 * runtime can run. The few protocol-buffer messages needed are written here; nothing starts ND4J.
 */
package org.deepcovid.core.inference.onnx;
