/**
 * Running networks: normalised images enter as floats; feature maps, pooled features and logits
 * leave as floats. One interface, {@link org.deepcovid.core.inference.InferenceEngine}, has two
 * implementations: the DL4J graph, and its compiled form in ONNX Runtime, which works without
 * starting ND4J.
 *
 * <p>A {@link org.deepcovid.core.inference.NetworkPlan} is the network as plain values: a DL4J
 * graph is converted to a plan, saved classifiers hold it as JSON, and an ONNX model is written
 * from it.
 */
package org.deepcovid.core.inference;
